import type { ClientProfile, GeneratePlanAnswer, Job, JobEvent, Plan, PlanOverview } from '@alva/validation';
import { ServiceProblem } from '@alva/validation';
import { createRequest, type Fetch } from './request.ts';
import { watchJob, type WatchContext, type WatchJobOptions, type WatchTiming } from './watch-job.ts';

export interface ApiClientOptions {
  /** Public address of the api, without a trailing slash. */
  apiUrl: string;
  /** Adds the access token and renews it on a 401: the `fetch` of an auth session. */
  fetch: Fetch;
  /** Where `online` is heard of. Default: `window`, where there is one. */
  network?: EventTarget;
  /** Overrules how long streams wait, in milliseconds. */
  timing?: Partial<WatchTiming>;
}

export interface Page<Item> {
  items: Item[];
  /** Null on the last page. */
  nextCursor: string | null;
}

export interface Cancellable {
  signal?: AbortSignal;
}

export type ApiClient = ReturnType<typeof createApiClient>;

/**
 * The api, typed. Every method rejects with `ServiceProblem` when the api answers with a problem, and with what `fetch`
 * rejects with when there is no answer.
 */
export function createApiClient({ apiUrl, fetch, network = browserWindow(), timing }: ApiClientOptions) {
  const request = createRequest({ baseUrl: apiUrl, fetch });
  const getJob = (id: string, { signal }: Cancellable = {}) => request<Job>('GET', `/jobs/${encode(id)}`, { signal });
  const watching: WatchContext = {
    baseUrl: apiUrl,
    fetch,
    getJob,
    network,
    timing: { silence: 45_000, firstRetry: 1000, longestRetry: 30_000, ...timing },
  };

  return {
    /** Null until the questionnaire was filled in. */
    getProfile: async ({ signal }: Cancellable = {}): Promise<ClientProfile | null> => {
      try {
        return await request<ClientProfile>('GET', '/user/profile', { signal });
      } catch (error) {
        if (error instanceof ServiceProblem && error.code === 'not-found') return null;
        throw error;
      }
    },
    saveProfile: (profile: ClientProfile) => request<ClientProfile>('PUT', '/user/profile', { body: profile }),

    /** @param idempotencyKey 8 to 128 visible characters; the same key again brings the same plan */
    generatePlan: (clientProfile: ClientProfile | undefined, idempotencyKey: string) =>
      request<GeneratePlanAnswer>('POST', '/plans/generate', {
        body: clientProfile === undefined ? {} : { clientProfile },
        headers: { 'idempotency-key': idempotencyKey },
      }),
    listPlans: ({ limit, cursor, signal }: Cancellable & { limit?: number; cursor?: string } = {}) =>
      request<Page<PlanOverview>>('GET', '/plans', { query: { limit, cursor }, signal }),
    getPlan: (id: string, { signal }: Cancellable = {}) => request<Plan>('GET', `/plans/${encode(id)}`, { signal }),

    listJobs: ({ limit, cursor, signal }: Cancellable & { limit?: number; cursor?: string } = {}) =>
      request<Page<Job>>('GET', '/jobs', { query: { limit, cursor }, signal }),
    getJob,
    cancelJob: (id: string) => request<undefined>('DELETE', `/jobs/${encode(id)}`),
    /** See `watchJob` in watch-job.ts: events in order, each once, until the job is over. */
    watchJob: (id: string, options?: WatchJobOptions): AsyncGenerator<JobEvent, void, undefined> =>
      watchJob(watching, id, options),
  };
}

const encode = encodeURIComponent;

function browserWindow(): EventTarget | undefined {
  return 'addEventListener' in globalThis ? globalThis : undefined;
}

import { type JobEvent, ServiceProblem } from '@alva/validation';
import type {
  DeleteJobsByIdData,
  DeleteJobsByIdResponse,
  GetJobsByIdData,
  GetJobsByIdResponse,
  GetJobsData,
  GetJobsResponse,
  GetUsageData,
  GetUsageResponse,
  GetUserExportData,
  GetUserExportResponse,
  GetUserProfileData,
  GetUserProfileResponse,
  PutUserProfileData,
  PutUserProfileResponse,
} from './generated/api/types.gen.ts';
import { createPlanCalls } from './plan-calls.ts';
import { type Call, type Cancellable, createRequest, createSend, type Fetch, type Query } from './request.ts';
import { createTaskCalls } from './task-calls.ts';
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

export type ApiClient = ReturnType<typeof createApiClient>;

/**
 * The api, typed by its own OpenAPI document. Every method rejects with `ServiceProblem` when the api answers with a
 * problem, and with what `fetch` rejects with when there is no answer.
 */
export function createApiClient({ apiUrl, fetch, network = browserWindow(), timing }: ApiClientOptions) {
  const send = createSend({ baseUrl: apiUrl, fetch });
  const request = createRequest(send);

  const getJob = (id: string, { signal }: Cancellable = {}) =>
    request<GetJobsByIdData, GetJobsByIdResponse>('GET', '/jobs/{id}', { path: { id }, signal });

  const watching: WatchContext = {
    baseUrl: apiUrl,
    fetch,
    getJob,
    network,
    timing: { silence: 45_000, firstRetry: 1000, longestRetry: 30_000, ...timing },
  };

  return {
    ...createPlanCalls(send),
    ...createTaskCalls(send),

    /** Null until the questionnaire was filled in. */
    getProfile: ({ signal }: Cancellable = {}) =>
      request<GetUserProfileData, GetUserProfileResponse>('GET', '/user/profile', { signal }).catch(nullIfNotFound),

    /** Everything the api holds of this person. */
    exportWork: () => request<GetUserExportData, GetUserExportResponse>('GET', '/user/export', {}),

    saveProfile: (profile: Call<PutUserProfileData>['body']) =>
      request<PutUserProfileData, PutUserProfileResponse>('PUT', '/user/profile', { body: profile }),

    listJobs: ({ signal, ...query }: Cancellable & Query<GetJobsData> = {}) =>
      request<GetJobsData, GetJobsResponse>('GET', '/jobs', { query, signal }),

    getJob,

    /** What today's work has used, and what is left of the budget. */
    getUsage: ({ signal }: Cancellable = {}) => request<GetUsageData, GetUsageResponse>('GET', '/usage', { signal }),

    cancelJob: (id: string) =>
      request<DeleteJobsByIdData, DeleteJobsByIdResponse>('DELETE', '/jobs/{id}', { path: { id } }),

    /** See `watchJob` in watch-job.ts: events in order, each once, until the job is over. */
    watchJob: (id: string, options?: WatchJobOptions): AsyncGenerator<JobEvent, void, undefined> =>
      watchJob(watching, id, options),
  };
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof ServiceProblem && error.code === 'not-found') return null;
  throw error;
}

function browserWindow(): EventTarget | undefined {
  return 'addEventListener' in globalThis ? globalThis : undefined;
}

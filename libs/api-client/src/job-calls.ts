import type { JobEvent } from '@alva/validation';
import type {
  DeleteJobsByIdData,
  DeleteJobsByIdResponse,
  GetJobsByIdData,
  GetJobsByIdResponse,
  GetUsageData,
  GetUsageResponse,
} from './generated/api/types.gen.ts';
import { createRequest, type Cancellable, type Send } from './request.ts';
import { watchJob, type WatchContext, type WatchJobOptions } from './watch-job.ts';

/** Work under way and what it costs, for people and guests alike. */
export function createJobCalls(send: Send, connection: Omit<WatchContext, 'getJob'>) {
  const request = createRequest(send);
  const getJob = (id: string, { signal }: Cancellable = {}) =>
    request<GetJobsByIdData, GetJobsByIdResponse>('GET', '/jobs/{id}', { path: { id }, signal });
  const watching: WatchContext = { ...connection, getJob };

  return {
    getJob,

    cancelJob: (id: string) =>
      request<DeleteJobsByIdData, DeleteJobsByIdResponse>('DELETE', '/jobs/{id}', { path: { id } }),

    /** See `watchJob` in watch-job.ts: events in order, each once, until the job is over. */
    watchJob: (id: string, options?: WatchJobOptions): AsyncGenerator<JobEvent, void, undefined> =>
      watchJob(watching, id, options),

    /** What today's work has used, and what is left of the budget. */
    getUsage: ({ signal }: Cancellable = {}) => request<GetUsageData, GetUsageResponse>('GET', '/usage', { signal }),
  };
}

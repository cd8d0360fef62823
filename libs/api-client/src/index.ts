export { createApiClient, type ApiClient, type ApiClientOptions } from './api-client.ts';
export type * as ApiTypes from './generated/api/types.gen.ts';
export type * as AuthTypes from './generated/auth/types.gen.ts';
export { InvalidJobEvent } from './job-event-message.ts';
export type { WatchJobOptions, WatchTiming } from './watch-job.ts';
export { ServiceProblem } from '@alva/validation';

export { createApiClient, type ApiClient, type ApiClientOptions, type Page } from './api-client.ts';
export { InvalidJobEvent } from './job-event-message.ts';
export type { WatchJobOptions, WatchTiming } from './watch-job.ts';
export { ServiceProblem } from '@alva/validation';

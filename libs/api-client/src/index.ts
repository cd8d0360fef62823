export { createApiClient, type ApiClient } from './api-client.ts';
export type { ConnectionOptions } from './connection.ts';
export type * as ApiTypes from './generated/api/types.gen.ts';
export type * as AuthTypes from './generated/auth/types.gen.ts';
export { createGuestClient, startChatAsGuest, type GuestClient } from './guest-client.ts';
export { InvalidJobEvent } from './job-event-message.ts';
export type { WatchJobOptions, WatchTiming } from './watch-job.ts';
export { ServiceProblem } from '@alva/validation';

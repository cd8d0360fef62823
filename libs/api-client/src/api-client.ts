import { ServiceProblem } from '@alva/validation';
import { createChatCalls } from './chat-calls.ts';
import { connectionOf, type ConnectionOptions } from './connection.ts';
import type {
  GetJobsData,
  GetJobsResponse,
  GetUserExportData,
  GetUserExportResponse,
  GetUserProfileData,
  GetUserProfileResponse,
  PutUserProfileData,
  PutUserProfileResponse,
} from './generated/api/types.gen.ts';
import { createJobCalls } from './job-calls.ts';
import { createKnowledgeCalls } from './knowledge-calls.ts';
import { createPlanCalls } from './plan-calls.ts';
import { type Call, type Cancellable, createRequest, createSend, type Query } from './request.ts';
import { createTaskCalls } from './task-calls.ts';

export type ApiClient = ReturnType<typeof createApiClient>;

/**
 * The api, typed by its own OpenAPI document. Every method rejects with `ServiceProblem` when the api answers with a
 * problem, and with what `fetch` rejects with when there is no answer.
 */
export function createApiClient(options: ConnectionOptions) {
  const connection = connectionOf(options);
  const send = createSend(connection);
  const request = createRequest(send);

  return {
    ...createPlanCalls(send),
    ...createTaskCalls(send),
    ...createChatCalls(send),
    ...createKnowledgeCalls(send),
    ...createJobCalls(send, connection),

    /** Null until the questionnaire was filled in. */
    getProfile: ({ signal }: Cancellable = {}) =>
      request<GetUserProfileData, GetUserProfileResponse>('GET', '/user/profile', { signal }).catch(nullIfNotFound),

    /** Everything the api holds of this person. */
    exportWork: () => request<GetUserExportData, GetUserExportResponse>('GET', '/user/export', {}),

    saveProfile: (profile: Call<PutUserProfileData>['body']) =>
      request<PutUserProfileData, PutUserProfileResponse>('PUT', '/user/profile', { body: profile }),

    listJobs: ({ signal, ...query }: Cancellable & Query<GetJobsData> = {}) =>
      request<GetJobsData, GetJobsResponse>('GET', '/jobs', { query, signal }),
  };
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof ServiceProblem && error.code === 'not-found') return null;
  throw error;
}

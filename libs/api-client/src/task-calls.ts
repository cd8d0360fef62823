import type {
  DeleteTasksByIdData,
  DeleteTasksByIdResponse,
  GetTasksData,
  GetTasksResponse,
  PatchTasksByIdData,
  PatchTasksByIdResponse,
  PostPlansByIdTasksData,
  PostPlansByIdTasksResponse,
} from './generated/api/types.gen.ts';
import { createRequest, ifMatch, type Call, type Cancellable, type Query, type Send } from './request.ts';

export function createTaskCalls(send: Send) {
  const request = createRequest(send);
  return {
    listTasks: ({ signal, ...query }: Cancellable & Query<GetTasksData> = {}) =>
      request<GetTasksData, GetTasksResponse>('GET', '/tasks', { query, signal }),

    /** @param idempotencyKey the same key again adds no second task */
    addTask: (planId: string, task: Call<PostPlansByIdTasksData>['body'], idempotencyKey: string) =>
      request<PostPlansByIdTasksData, PostPlansByIdTasksResponse>('POST', '/plans/{id}/tasks', {
        path: { id: planId },
        headers: { 'idempotency-key': idempotencyKey },
        body: task,
      }),

    /** With a version, only that one is changed; checking off needs none. */
    changeTask: ({ id, version }: { id: string; version?: number }, change: Call<PatchTasksByIdData>['body']) =>
      request<PatchTasksByIdData, PatchTasksByIdResponse>('PATCH', '/tasks/{id}', {
        path: { id },
        headers: version === undefined ? {} : ifMatch(version),
        body: change,
      }),

    deleteTask: (id: string) =>
      request<DeleteTasksByIdData, DeleteTasksByIdResponse>('DELETE', '/tasks/{id}', { path: { id } }),
  };
}

import type {
  DeletePlansByIdData,
  DeletePlansByIdResponse,
  GetPlansByIdData,
  GetPlansByIdExportData,
  GetPlansByIdResponse,
  GetPlansData,
  GetPlansResponse,
  PatchPlansByIdData,
  PatchPlansByIdResponse,
  PostPlansByIdRegenerateData,
  PostPlansByIdRegenerateResponse,
  PostPlansByIdRetryData,
  PostPlansByIdRetryResponse,
  PostPlansGenerateData,
  PostPlansGenerateResponse,
} from './generated/api/types.gen.ts';
import { createRequest, ifMatch, type Call, type Cancellable, type Query, type Send } from './request.ts';

/** Idempotency keys are 8 to 128 visible characters; the same key again has its effect once and brings the same answer. */
export function createPlanCalls(send: Send) {
  const request = createRequest(send);
  return {
    generatePlan: (clientProfile: Call<PostPlansGenerateData>['body']['clientProfile'], idempotencyKey: string) =>
      request<PostPlansGenerateData, PostPlansGenerateResponse>('POST', '/plans/generate', {
        body: { clientProfile },
        headers: { 'idempotency-key': idempotencyKey },
      }),

    /** Another job for a plan that failed or was called off. */
    retryPlan: (id: string, idempotencyKey: string) =>
      request<PostPlansByIdRetryData, PostPlansByIdRetryResponse>('POST', '/plans/{id}/retry', {
        path: { id },
        headers: { 'idempotency-key': idempotencyKey },
      }),

    listPlans: ({ signal, ...query }: Cancellable & Query<GetPlansData> = {}) =>
      request<GetPlansData, GetPlansResponse>('GET', '/plans', { query, signal }),

    getPlan: (id: string, { signal }: Cancellable = {}) =>
      request<GetPlansByIdData, GetPlansByIdResponse>('GET', '/plans/{id}', { path: { id }, signal }),

    /** Rejects with `precondition-failed` when the plan is at another version: read it again, and decide again. */
    changePlan: ({ id, version }: { id: string; version: number }, change: Call<PatchPlansByIdData>['body']) =>
      request<PatchPlansByIdData, PatchPlansByIdResponse>('PATCH', '/plans/{id}', {
        path: { id },
        headers: ifMatch(version),
        body: change,
      }),

    deletePlan: (id: string) =>
      request<DeletePlansByIdData, DeletePlansByIdResponse>('DELETE', '/plans/{id}', { path: { id } }),

    /** Has one section written anew. */
    regenerateSection: (id: string, body: Call<PostPlansByIdRegenerateData>['body'], idempotencyKey: string) =>
      request<PostPlansByIdRegenerateData, PostPlansByIdRegenerateResponse>('POST', '/plans/{id}/regenerate', {
        path: { id },
        headers: { 'idempotency-key': idempotencyKey },
        body,
      }),

    /** The plan as a Markdown document, and under which name to save it. */
    async exportPlan(id: string): Promise<{ name: string; markdown: string }> {
      const response = await send<GetPlansByIdExportData>('GET', '/plans/{id}/export', { path: { id } });
      const [, name] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '') ?? [];
      return { name: name === undefined ? 'plan.md' : decodeURIComponent(name), markdown: await response.text() };
    },
  };
}

import type {
  DeleteChatSessionsByIdData,
  DeleteChatSessionsByIdResponse,
  GetChatSessionsByIdData,
  GetChatSessionsByIdResponse,
  GetChatSessionsData,
  GetChatSessionsResponse,
  PatchChatSessionsByIdData,
  PatchChatSessionsByIdResponse,
  PostChatSessionMergeData,
  PostChatSessionMergeResponse,
  PostChatSessionsByIdMessagesByMessageIdRegenerateData,
  PostChatSessionsByIdMessagesByMessageIdRegenerateResponse,
  PostChatSessionsByIdMessagesData,
  PostChatSessionsByIdMessagesResponse,
  PostChatSessionsData,
  PostChatSessionsResponse,
  PutChatSessionsByIdMessagesByMessageIdData,
  PutChatSessionsByIdMessagesByMessageIdResponse,
} from './generated/api/types.gen.ts';
import { createRequest, type Call, type Cancellable, type Query, type Send } from './request.ts';

/** For people and guests alike: each within what is theirs. */
export function createConversationCalls(send: Send) {
  const request = createRequest(send);
  return {
    /** The latest messages; `nextCursor` leads to those before them. */
    getChat: (id: string, { signal, ...query }: Cancellable & Query<GetChatSessionsByIdData> = {}) =>
      request<GetChatSessionsByIdData, GetChatSessionsByIdResponse>('GET', '/chat/sessions/{id}', {
        path: { id },
        query,
        signal,
      }),

    changeChat: (id: string, change: Call<PatchChatSessionsByIdData>['body']) =>
      request<PatchChatSessionsByIdData, PatchChatSessionsByIdResponse>('PATCH', '/chat/sessions/{id}', {
        path: { id },
        body: change,
      }),

    deleteChat: (id: string) =>
      request<DeleteChatSessionsByIdData, DeleteChatSessionsByIdResponse>('DELETE', '/chat/sessions/{id}', {
        path: { id },
      }),

    /** The job writes the answer as the part `answer`; rejects with `conflict` while another one is written. */
    ask: (id: string, content: string, idempotencyKey: string) =>
      request<PostChatSessionsByIdMessagesData, PostChatSessionsByIdMessagesResponse>(
        'POST',
        '/chat/sessions/{id}/messages',
        { path: { id }, headers: { 'idempotency-key': idempotencyKey }, body: { content } },
      ),

    /** Puts a question differently. What was said after it is gone. */
    rephrase: ({ id, messageId }: Message, content: string, idempotencyKey: string) =>
      request<PutChatSessionsByIdMessagesByMessageIdData, PutChatSessionsByIdMessagesByMessageIdResponse>(
        'PUT',
        '/chat/sessions/{id}/messages/{messageId}',
        { path: { id, messageId }, headers: { 'idempotency-key': idempotencyKey }, body: { content } },
      ),

    /** Has a question answered anew, by its own id or that of an answer to it. What was said after it is gone. */
    regenerateAnswer: ({ id, messageId }: Message, idempotencyKey: string) =>
      request<
        PostChatSessionsByIdMessagesByMessageIdRegenerateData,
        PostChatSessionsByIdMessagesByMessageIdRegenerateResponse
      >('POST', '/chat/sessions/{id}/messages/{messageId}/regenerate', {
        path: { id, messageId },
        headers: { 'idempotency-key': idempotencyKey },
      }),
  };
}

/** For people only. */
export function createChatCalls(send: Send) {
  const request = createRequest(send);
  return {
    ...createConversationCalls(send),

    startChat: (body: Call<PostChatSessionsData>['body']) =>
      request<PostChatSessionsData, PostChatSessionsResponse>('POST', '/chat/sessions', { body }),

    listChats: ({ signal, ...query }: Cancellable & Query<GetChatSessionsData> = {}) =>
      request<GetChatSessionsData, GetChatSessionsResponse>('GET', '/chat/sessions', { query, signal }),

    /** Takes over a guest's conversation. It happens once, and asking again changes nothing. */
    mergeChat: (guest: Call<PostChatSessionMergeData>['body']) =>
      request<PostChatSessionMergeData, PostChatSessionMergeResponse>('POST', '/chat/session/merge', { body: guest }),
  };
}

/** A message, and the conversation that it is part of. */
interface Message {
  readonly id: string;
  readonly messageId: string;
}

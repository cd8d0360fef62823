import type {
  DeleteKnowledgeDocumentsByIdData,
  DeleteKnowledgeDocumentsByIdResponse,
  GetKnowledgeDocumentsByIdData,
  GetKnowledgeDocumentsByIdOriginalData,
  GetKnowledgeDocumentsByIdResponse,
  GetKnowledgeDocumentsData,
  GetKnowledgeDocumentsResponse,
  GetKnowledgeSearchData,
  GetKnowledgeSearchResponse,
  PostKnowledgeDocumentsData,
  PostKnowledgeDocumentsResponse,
} from './generated/api/types.gen.ts';
import { createRequest, type Cancellable, type Query, type Send } from './request.ts';

/** The documents that the assistant may quote. */
export function createKnowledgeCalls(send: Send) {
  const request = createRequest(send);
  return {
    /** @param file its `type` says what it is: `text/plain`, `text/markdown`, `text/html` or `application/pdf` */
    uploadDocument: (name: string, file: Blob, idempotencyKey: string) =>
      request<PostKnowledgeDocumentsData, PostKnowledgeDocumentsResponse>('POST', '/knowledge/documents', {
        query: { name },
        headers: { 'idempotency-key': idempotencyKey },
        body: file,
      }),

    listDocuments: ({ signal, ...query }: Cancellable & Query<GetKnowledgeDocumentsData> = {}) =>
      request<GetKnowledgeDocumentsData, GetKnowledgeDocumentsResponse>('GET', '/knowledge/documents', {
        query,
        signal,
      }),

    /** With its text, in the sections to which places refer. */
    getDocument: (id: string, { signal }: Cancellable = {}) =>
      request<GetKnowledgeDocumentsByIdData, GetKnowledgeDocumentsByIdResponse>('GET', '/knowledge/documents/{id}', {
        path: { id },
        signal,
      }),

    /** The file as it was uploaded: to be saved, never shown. */
    async getOriginal(id: string): Promise<Blob> {
      const url = '/knowledge/documents/{id}/original';
      return (await send<GetKnowledgeDocumentsByIdOriginalData>('GET', url, { path: { id } })).blob();
    },

    deleteDocument: (id: string) =>
      request<DeleteKnowledgeDocumentsByIdData, DeleteKnowledgeDocumentsByIdResponse>(
        'DELETE',
        '/knowledge/documents/{id}',
        { path: { id } },
      ),

    /** Passages, best first. */
    searchDocuments: ({ signal, ...query }: Cancellable & Query<GetKnowledgeSearchData>) =>
      request<GetKnowledgeSearchData, GetKnowledgeSearchResponse>('GET', '/knowledge/search', { query, signal }),
  };
}

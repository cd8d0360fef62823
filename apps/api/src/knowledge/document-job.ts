import { textLanguages } from '@alva/shared-types';
import { documentReadPayload, documentSection, type DocumentReadPayload } from '@alva/validation';
import { z } from 'zod';
import type { JobDefinition } from '../jobs/job-definition.ts';
import type { DocumentReadingsStore } from './document-readings.store.ts';

const place = z.number().int().min(0);
const reading = z.object({
  documentId: documentReadPayload.shape.documentId,
  sections: z.array(documentSection).min(1),
  chunks: z.array(z.object({ section: place, start: place, end: place, language: z.enum(textLanguages) })),
});
export type ReadDocument = z.infer<typeof reading>;

/** Reading a document, as both the api and the worker know it. */
export function createDocumentJob(readings: DocumentReadingsStore): JobDefinition<DocumentReadPayload, ReadDocument> {
  return {
    type: 'document.read',
    payload: documentReadPayload,
    result: reading,
    // No model is asked, but each takes a processor and may take hundreds of megabytes.
    limits: { tokens: () => 0, seconds: 600, failures: 3, atOnce: 2 },
    async succeeded(transaction, { jobId }, { documentId, ...read }) {
      await readings.complete(transaction, { jobId, documentId }, read);
      return { documentId };
    },
    failed: (transaction, jobId) => readings.fail(transaction, jobId),
    cancelled: (transaction, jobId) => readings.cancel(transaction, jobId),
  };
}

import { documentMediaTypes, documentStatuses } from '@alva/shared-types';
import { z } from 'zod';
import { identifier, line, timestamp } from './primitives.ts';

/** Where in a document something stands, so that it can be shown there. */
export const documentPlace = z
  .object({
    section: z.number().int().describe('Number of the section in the document, counted from 0'),
    start: z.number().int().describe('First character in the text of the section, in UTF-16 code units'),
    end: z.number().int().describe('Behind the last character'),
    page: z.number().int().nullable().describe('Page of a PDF, counted from 1'),
    heading: z.array(z.string()).describe('The heading it stands below and those above that, outermost first'),
  })
  .meta({ id: 'DocumentPlace' });
export type DocumentPlace = z.infer<typeof documentPlace>;

/** What an answer rests on. */
export const citation = z
  .object({ documentId: identifier, title: z.string(), excerpt: z.string(), place: documentPlace })
  .meta({ id: 'Citation' });
export type Citation = z.infer<typeof citation>;

const documentCore = {
  id: identifier,
  name: z.string(),
  mediaType: z.enum(documentMediaTypes),
  bytes: z.number().int(),
  status: z.enum(documentStatuses),
  error: z.object({ code: z.string(), detail: z.string() }).optional().describe('Why it could not be read'),
  chunks: z.number().int().describe('How many passages it is found by'),
  jobId: identifier,
  createdAt: timestamp,
};

/** A document in a list: without its text. */
export const documentOverview = z.object(documentCore).meta({ id: 'DocumentOverview' });
export type DocumentOverview = z.infer<typeof documentOverview>;

export const documentSection = z
  .object({
    page: z.number().int().nullable(),
    heading: z.array(z.string()),
    text: z.string().describe('Plain text without control characters'),
  })
  .meta({ id: 'DocumentSection' });
export type DocumentSection = z.infer<typeof documentSection>;

export const knowledgeDocument = z
  .object({
    ...documentCore,
    sections: z.array(documentSection).describe('Empty until it was read. Places refer to them by number'),
  })
  .meta({ id: 'Document' });
export type KnowledgeDocument = z.infer<typeof knowledgeDocument>;

export const uploadQuery = z.strictObject({
  name: line(200).describe('What to call it, such as the name of the file'),
});
export const uploadAnswer = z.object({ documentId: identifier, jobId: identifier });
export type UploadAnswer = z.infer<typeof uploadAnswer>;

/** What the job `document.read` needs to know. */
export const documentReadPayload = z.strictObject({ documentId: identifier });
export type DocumentReadPayload = z.infer<typeof documentReadPayload>;

export const knowledgeSearchQuery = z.strictObject({
  q: line(500).describe('Words, or a question in a sentence'),
  limit: z.coerce.number().int().min(1).max(20).default(10),
});

/** A passage that was found, best first. */
export const foundPassage = z
  .object({
    documentId: identifier,
    chunkId: identifier,
    title: z.string().describe('Name of the document'),
    excerpt: z.object({
      text: z.string(),
      marks: z
        .array(z.object({ start: z.number().int(), end: z.number().int() }))
        .describe('The words that were found, as places in the text, in UTF-16 code units'),
    }),
    place: documentPlace,
  })
  .meta({ id: 'FoundPassage' });
export type FoundPassage = z.infer<typeof foundPassage>;

import { createHash } from 'node:crypto';
import { ProblemError, type Slice } from '@alva/service-kit';
import type { DocumentMediaType } from '@alva/shared-types';
import type { DocumentOverview, KnowledgeDocument, UploadAnswer } from '@alva/validation';
import type { Asker } from '../jobs/asker.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import { objectionTo } from './accepted-bytes.ts';
import type { DocumentsStore, Room, StoredFile } from './documents.store.ts';
import { cleanLine } from './reading/clean-text.ts';

const longestName = 200;

export interface DocumentsServiceOptions {
  readonly store: DocumentsStore;
  readonly jobs: Pick<JobsService, 'begin' | 'cancel'>;
  readonly room: Room;
}

export interface Upload {
  readonly name: string;
  readonly mediaType: DocumentMediaType;
  readonly content: Buffer;
}

export function createDocumentsService({ store, jobs, room }: DocumentsServiceOptions) {
  return {
    /** The document is there at once, without its text; its job reads it. The same file again is the same document. */
    async upload(asker: Asker, { content, mediaType, ...given }: Upload): Promise<UploadAnswer> {
      const objection = objectionTo(mediaType, content);
      if (objection) throw invalid('#', objection);
      // It goes to models as the title of each passage.
      const name = cleanLine(given.name, longestName);
      if (name === '') throw invalid('#/query/name', 'has nothing that can be read');
      const file = { name, mediaType };
      const id = store.newId();
      const hash = createHash('sha256').update(content).digest();
      const request = { ...file, hash: hash.toString('base64') };
      const work = { type: 'document.read', payload: { documentId: id }, request };
      try {
        return await jobs.begin(asker, work, async (transaction, jobId) => {
          const document = { ...file, id, userId: asker.userId, jobId, hash, content };
          const standing = await store.insert(transaction, document, room);
          if (standing === 'full') throw knowledgeFull(room);
          if (standing !== 'stored') throw new KnownDocument(standing);
          return { documentId: id, jobId };
        });
      } catch (error) {
        if (error instanceof KnownDocument) return error.answer;
        throw error;
      }
    },

    async list(userId: string, slice: Slice): Promise<DocumentOverview[]> {
      return store.list(userId, slice);
    },

    async get(userId: string, documentId: string): Promise<KnowledgeDocument> {
      return (await store.find(userId, documentId)) ?? notFound();
    },

    async original(userId: string, documentId: string): Promise<StoredFile> {
      return (await store.original(userId, documentId)) ?? notFound();
    },

    /** For good. Should it still be read, that is called off first. */
    async remove(userId: string, documentId: string): Promise<void> {
      const jobId = (await store.jobOf(userId, documentId)) ?? notFound();
      await jobs.cancel(userId, jobId).catch(unlessFinished);
      await store.remove(userId, documentId);
    },
  };
}
export type DocumentsService = ReturnType<typeof createDocumentsService>;

/** Undoes the job that was about to be begun. */
class KnownDocument extends Error {
  readonly answer: UploadAnswer;

  constructor(answer: UploadAnswer) {
    super('This file is there already');
    this.answer = answer;
  }
}

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('validation-failed', { errors: [{ pointer, detail }] });
}

function notFound(): never {
  throw new ProblemError('not-found');
}

function knowledgeFull({ documents, bytes }: Room): ProblemError {
  const detail = `You can keep ${documents} documents of ${Math.floor(bytes / 2 ** 20)} MiB together, their texts included. Delete one first.`;
  return new ProblemError('knowledge-full', { detail });
}

function unlessFinished(error: unknown): void {
  if (!(error instanceof ProblemError) || error.problem !== 'job-finished') throw error;
}

import type { DocumentReadPayload } from '@alva/validation';
import type { JobRun, JobYield } from '../jobs/job-definition.ts';
import { JobFailure } from '../jobs/job-failure.ts';
import type { ReadDocument } from './document-job.ts';
import type { DocumentsStore } from './documents.store.ts';
import type { ReadingLimits } from './reading/reader-messages.ts';
import { longestText, UnreadableDocument, type ReadingFailure } from './reading/reading.ts';
import { readDocument } from './reading/read-document.ts';

const details: Record<ReadingFailure, string> = {
  encrypted: 'The file is protected by a password. Remove the protection and upload it again.',
  damaged: 'The file is damaged: it could not be read.',
  'without-text': 'There is no text in the file. If its pages are pictures, have the text recognised first.',
  'too-long': `The file has more text than one document may have (${longestText.toLocaleString('en')} characters). Split it.`,
  'too-complex': 'Reading the file took more time or memory than one document may take. Split it, or save it as text.',
};

export function createDocumentProcessor(documents: Pick<DocumentsStore, 'original'>, limits: ReadingLimits) {
  return async (run: JobRun<DocumentReadPayload>): Promise<JobYield<ReadDocument>> => {
    const { documentId } = run.payload;
    const file = await documents.original(run.userId, documentId);
    if (!file) throw new JobFailure({ code: 'not-found', detail: 'The document was deleted.', retry: 'never' });
    run.emit({ event: 'step', data: { step: 'Reading the document', percent: 10 } });
    const task = { mediaType: file.mediaType, bytes: await joined(file.content()), limits };
    const reading = await readDocument(task, run.signal).catch(failJob);
    run.emit({ event: 'step', data: { step: 'Storing the text', percent: 90 } });
    return { result: { documentId, ...reading }, usage: { inputTokens: 0, outputTokens: 0, cost: 0 } };
  };
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

function failJob(error: unknown): never {
  if (!(error instanceof UnreadableDocument)) throw error;
  const { why } = error;
  throw new JobFailure({ code: `document-${why}`, detail: details[why], retry: 'never', cause: error });
}

import { documentChunks, documents, documentSections, eq, jobs, newIdentifier } from '@alva/database';
import type { Transaction } from '../jobs/job-definition.ts';
import type { Reading } from './reading/reading.ts';
import { titleWords } from './title-words.ts';

/** So many rows are stored by one statement: their words are brought to their stems there, which takes its time. */
const batch = 100;

/** What becomes of a document in the transaction that ends its job. */
export function createDocumentReadingsStore() {
  /** Stores what was read, unless the document was deleted meanwhile. */
  async function complete(
    transaction: Transaction,
    { jobId, documentId }: { jobId: string; documentId: string },
    { sections, chunks }: Reading,
  ): Promise<void> {
    const [document] = await transaction
      .update(documents)
      .set({ status: 'ready', chunks: chunks.length })
      .where(eq(documents.jobId, jobId))
      .returning({ name: documents.name, userId: documents.userId });
    if (!document) return;
    const { name, userId } = document;
    for (const [from, rows] of batches(sections)) {
      await transaction
        .insert(documentSections)
        .values(rows.map((section, index) => ({ ...section, documentId, position: from + index })));
    }
    for (const [, rows] of batches(chunks)) {
      await transaction.insert(documentChunks).values(
        rows.map(({ section, start, end, language }) => {
          const { heading = [], text = '' } = sections[section] ?? {};
          const title = titleWords(name, heading);
          const place = { section, startsAt: start, endsAt: end };
          return { id: newIdentifier(), documentId, userId, ...place, language, title, text: text.slice(start, end) };
        }),
      );
    }
  }

  /** With what the job failed of. */
  async function fail(transaction: Transaction, jobId: string): Promise<void> {
    const [job] = await transaction
      .select({ errorCode: jobs.errorCode, errorDetail: jobs.errorDetail })
      .from(jobs)
      .where(eq(jobs.id, jobId));
    await end(transaction, jobId, { errorCode: 'internal-error', errorDetail: '', ...job });
  }

  async function cancel(transaction: Transaction, jobId: string): Promise<void> {
    const errorDetail = 'Reading it was called off. Upload it again to have it read.';
    await end(transaction, jobId, { errorCode: 'cancelled', errorDetail });
  }

  async function end(
    transaction: Transaction,
    jobId: string,
    error: { errorCode: string | null; errorDetail: string | null },
  ): Promise<void> {
    await transaction
      .update(documents)
      .set({ status: 'failed', ...error })
      .where(eq(documents.jobId, jobId));
  }

  return { complete, fail, cancel };
}
export type DocumentReadingsStore = ReturnType<typeof createDocumentReadingsStore>;

function* batches<Item>(items: readonly Item[]): Generator<[number, readonly Item[]]> {
  for (let from = 0; from < items.length; from += batch) yield [from, items.slice(from, from + batch)];
}

import {
  and,
  asc,
  count,
  desc,
  documentOriginals,
  documents,
  documentSections,
  eq,
  lt,
  newIdentifier,
  sql,
  type Database,
} from '@alva/database';
import type { Slice } from '@alva/service-kit';
import type { DocumentMediaType } from '@alva/shared-types';
import type { DocumentOverview, KnowledgeDocument } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';

export interface NewDocument {
  readonly id: string;
  readonly userId: string;
  readonly jobId: string;
  readonly name: string;
  readonly mediaType: DocumentMediaType;
  readonly hash: Buffer;
  readonly content: Buffer;
}

/** How much of it one person may keep. */
export interface Room {
  readonly documents: number;
  readonly bytes: number;
}

export interface StoredFile {
  readonly name: string;
  readonly mediaType: DocumentMediaType;
  readonly bytes: number;
  content(): AsyncIterable<Buffer>;
}

/** What became of a file: it is stored now, or there is no room, or it was there before, read by that job. */
export type Standing = 'stored' | 'full' | { readonly documentId: string; readonly jobId: string };

const pieceSize = 2 ** 20;
/** What a passage counts for besides the file: a small one may unfold into a book. */
const passageSize = 2 ** 10;

/** Documents as their owners see them. What is found in them is in `passages.store.ts`. */
export function createDocumentsStore({ db }: Database) {
  const mine = (userId: string, id: string) => and(eq(documents.id, id), eq(documents.userId, userId));

  /** One after the other for each person: what is counted stays true until the file is stored. */
  async function insert(
    transaction: Transaction,
    { content, ...document }: NewDocument,
    room: Room,
  ): Promise<Standing> {
    const { userId, hash, mediaType } = document;
    await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`documents of ${userId}`}, 0))`);
    const [same] = await transaction
      .select({ documentId: documents.id, jobId: documents.jobId, status: documents.status })
      .from(documents)
      .where(and(eq(documents.userId, userId), eq(documents.hash, hash), eq(documents.mediaType, mediaType)));
    if (same && same.status !== 'failed') return { documentId: same.documentId, jobId: same.jobId };
    // A file that could not be read is tried anew, in the place of the failure.
    if (same) await transaction.delete(documents).where(eq(documents.id, same.documentId));
    const [kept] = await transaction
      .select({
        documents: count(),
        bytes: sql`coalesce(sum(${documents.bytes} + ${documents.chunks} * ${passageSize}::int), 0)`.mapWith(Number),
      })
      .from(documents)
      .where(eq(documents.userId, userId));
    if ((kept?.documents ?? 0) >= room.documents || (kept?.bytes ?? 0) + content.length > room.bytes) return 'full';
    await transaction.insert(documents).values({ ...document, bytes: content.length });
    for (let position = 0; position * pieceSize < content.length; position++) {
      const piece = content.subarray(position * pieceSize, (position + 1) * pieceSize);
      await transaction.insert(documentOriginals).values({ documentId: document.id, position, content: piece });
    }
    return 'stored';
  }

  /** Newest first: identifiers sort by age. */
  async function list(userId: string, { limit, before }: Slice): Promise<DocumentOverview[]> {
    const rows = await db
      .select()
      .from(documents)
      .where(and(eq(documents.userId, userId), before === undefined ? undefined : lt(documents.id, before)))
      .orderBy(desc(documents.id))
      .limit(limit);
    return rows.map(toOverview);
  }

  async function find(userId: string, id: string): Promise<KnowledgeDocument | undefined> {
    // One snapshot: a document that is just being finished is there with its text or is still being read.
    return db.transaction(
      async (transaction) => {
        const [row] = await transaction.select().from(documents).where(mine(userId, id));
        if (!row) return undefined;
        const sections = await transaction
          .select({ page: documentSections.page, heading: documentSections.heading, text: documentSections.text })
          .from(documentSections)
          .where(eq(documentSections.documentId, id))
          .orderBy(asc(documentSections.position));
        return { ...toOverview(row), sections };
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );
  }

  async function original(userId: string, id: string): Promise<StoredFile | undefined> {
    const [file] = await db
      .select({ name: documents.name, mediaType: documents.mediaType, bytes: documents.bytes })
      .from(documents)
      .where(mine(userId, id));
    return file && { ...file, content: () => pieces(id, Math.ceil(file.bytes / pieceSize)) };
  }

  /** Should the document be deleted meanwhile, it throws rather than pass for a shorter file. */
  async function* pieces(documentId: string, count: number): AsyncGenerator<Buffer> {
    for (let position = 0; position < count; position++) {
      const [piece] = await db
        .select({ content: documentOriginals.content })
        .from(documentOriginals)
        .where(and(eq(documentOriginals.documentId, documentId), eq(documentOriginals.position, position)));
      if (!piece) throw new Error('The document was deleted while it was read');
      yield piece.content;
    }
  }

  async function jobOf(userId: string, id: string): Promise<string | undefined> {
    const [row] = await db.select({ jobId: documents.jobId }).from(documents).where(mine(userId, id));
    return row?.jobId;
  }

  /** Its text, its passages and the file go with it. */
  async function remove(userId: string, id: string): Promise<void> {
    await db.delete(documents).where(mine(userId, id));
  }

  return { newId: () => newIdentifier(), insert, list, find, original, jobOf, remove };
}
export type DocumentsStore = ReturnType<typeof createDocumentsStore>;

function toOverview(row: typeof documents.$inferSelect): DocumentOverview {
  const { id, name, mediaType, bytes, status, chunks, jobId, errorCode, errorDetail } = row;
  return {
    id,
    name,
    mediaType,
    bytes,
    status,
    ...(errorCode === null ? {} : { error: { code: errorCode, detail: errorDetail ?? '' } }),
    chunks,
    jobId,
    createdAt: row.createdAt.toISOString(),
  };
}

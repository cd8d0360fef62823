import { type DocumentMediaType, type DocumentStatus, type TextLanguage, textLanguages } from '@alva/shared-types';
import { index, integer, jsonb, pgCore, sql, text, uniqueIndex, uuid } from '../../drizzle.ts';
import { bytea, moment, tsvector } from '../columns.ts';
import { jobs } from './jobs.ts';
import { appSchema } from './schema.ts';
import { searchableText } from './searchable-text.ts';

const configuration = `case language ${textLanguages.map((each) => `when '${each}' then 'pg_catalog.${each}'::regconfig`).join(' ')} end`;

/** A file that its owner's assistant may quote. */
export const documents = appSchema.table(
  'documents',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    /** The job that reads it. */
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id),
    name: text('name').notNull(),
    mediaType: text('media_type').$type<DocumentMediaType>().notNull(),
    bytes: integer('bytes').notNull(),
    /** SHA-256 of the file: the same file is kept once. */
    hash: bytea('hash').notNull(),
    status: text('status').$type<DocumentStatus>().notNull().default('reading'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    chunks: integer('chunks').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('documents_user_id_index').on(table.userId, table.id.desc()),
    uniqueIndex('documents_hash_index').on(table.userId, table.hash, table.mediaType),
    index('documents_job_id_index').on(table.jobId),
  ],
);

/** The files themselves, apart from all that is read often, in pieces that one statement can carry. */
export const documentOriginals = appSchema.table(
  'document_originals',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    content: bytea('content').notNull(),
  },
  (table) => [pgCore.primaryKey({ columns: [table.documentId, table.position] })],
);

/** The text of a document: its pages, or what stands under each heading. */
export const documentSections = appSchema.table(
  'document_sections',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    page: integer('page'),
    /** The heading and those above it, outermost first. */
    heading: jsonb('heading').$type<string[]>().notNull(),
    text: text('text').notNull(),
  },
  (table) => [pgCore.primaryKey({ columns: [table.documentId, table.position] })],
);

/** Stretches of sections, which are what is found and quoted. */
export const documentChunks = appSchema.table(
  'document_chunks',
  {
    id: uuid('id').primaryKey(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    /** The document's owner, so that a search looks at nobody else's. */
    userId: uuid('user_id').notNull(),
    section: integer('section').notNull(),
    /** In the section's text, in UTF-16 code units. */
    startsAt: integer('starts_at').notNull(),
    endsAt: integer('ends_at').notNull(),
    language: text('language').$type<TextLanguage>().notNull(),
    /** The document's name and the headings, as words. */
    title: text('title').notNull(),
    text: text('text').notNull(),
    search: tsvector('search')
      .notNull()
      .generatedAlwaysAs(sql.raw(`setweight(${lexemesOf('title')}, 'A') || ${lexemesOf('text')}`)),
  },
  (table) => [
    index('document_chunks_document_id_index').on(table.documentId),
    index('document_chunks_user_id_index').on(table.userId, table.language),
    index('document_chunks_search_index').using('gin', table.search),
  ],
);

function lexemesOf(column: string): string {
  return `to_tsvector(${configuration}, ${searchableText(column)})`;
}

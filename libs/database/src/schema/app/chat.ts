import { type ChatMessageStatus, type ChatRole, type ChatTone } from '@alva/shared-types';
import { index, integer, jsonb, sql, text, uniqueIndex, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { jobs } from './jobs.ts';
import { plans } from './plans.ts';
import { appSchema } from './schema.ts';

export const chatSessions = appSchema.table(
  'chat_sessions',
  {
    id: uuid('id').primaryKey(),
    /** A person, or a guest. */
    userId: uuid('user_id').notNull(),
    tone: text('tone').$type<ChatTone>().notNull(),
    /** The plan that is talked about, as long as there is one. */
    planId: uuid('plan_id').references(() => plans.id, { onDelete: 'set null' }),
    title: text('title').notNull().default(''),
    /** Of the guest whose it was: lets the person who has it now ask for it twice. */
    mergedTokenHash: bytea('merged_token_hash'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('chat_sessions_user_id_index').on(table.userId, table.id.desc()),
    index('chat_sessions_plan_id_index').on(table.planId),
  ],
);

export const chatMessages = appSchema.table(
  'chat_messages',
  {
    id: uuid('id').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => chatSessions.id, { onDelete: 'cascade' }),
    /** Counts on; what was replaced leaves gaps. */
    position: integer('position').notNull(),
    role: text('role').$type<ChatRole>().notNull(),
    content: text('content').notNull(),
    status: text('status').$type<ChatMessageStatus>().notNull(),
    citations: jsonb('citations').$type<unknown>().notNull().default([]),
    /** The job that writes the answer. */
    jobId: uuid('job_id').references(() => jobs.id),
    generator: jsonb('generator').$type<{ provider: string; model: string; demo: boolean }>(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('chat_messages_position_index').on(table.sessionId, table.position),
    // One answer at a time.
    uniqueIndex('chat_messages_generating_index')
      .on(table.sessionId)
      .where(sql`${table.status} = 'generating'`),
    index('chat_messages_job_id_index').on(table.jobId),
  ],
);

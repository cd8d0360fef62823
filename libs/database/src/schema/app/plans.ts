import { type PlanStatus, type SectionChannel, type TaskStatus } from '@alva/shared-types';
import { date, doublePrecision, index, integer, jsonb, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { jobs } from './jobs.ts';
import { appSchema } from './schema.ts';

interface Generator {
  readonly provider: string;
  readonly model: string;
  readonly demo: boolean;
  /** The version of the prompt by which it was written. */
  readonly prompt?: string | undefined;
}

export const plans = appSchema.table(
  'plans',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id),
    status: text('status').$type<PlanStatus>().notNull().default('generating'),
    title: text('title').notNull(),
    summary: text('summary').notNull().default(''),
    metrics: jsonb('metrics').$type<{ name: string; target: string }[]>().notNull().default([]),
    generator: jsonb('generator').$type<Generator>(),
    /** The profile as it was when the plan was asked for. */
    clientProfile: jsonb('client_profile').$type<unknown>().notNull(),
    /** Counts every change that a reader of the plan can see, its sections and tasks included. */
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('plans_user_id_index').on(table.userId, table.id.desc()),
    index('plans_job_id_index').on(table.jobId),
  ],
);

export const planSections = appSchema.table(
  'plan_sections',
  {
    id: uuid('id').primaryKey(),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    channel: text('channel').$type<SectionChannel>().notNull(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    budgetShare: doublePrecision('budget_share').notNull(),
    /** Who rewrote it. */
    generator: jsonb('generator').$type<Generator>(),
    /** The job that is rewriting it: one at a time. */
    jobId: uuid('job_id').references(() => jobs.id),
    /** What it said before it was last rewritten. */
    previous: jsonb('previous').$type<{ title: string; body: string; generator: Generator | null }>(),
  },
  (table) => [
    index('plan_sections_plan_id_index').on(table.planId, table.position),
    index('plan_sections_job_id_index').on(table.jobId),
  ],
);

export const tasks = appSchema.table(
  'tasks',
  {
    id: uuid('id').primaryKey(),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull(),
    channel: text('channel').$type<SectionChannel>().notNull(),
    title: text('title').notNull(),
    detail: text('detail').notNull(),
    dueDate: date('due_date', { mode: 'string' }).notNull(),
    position: integer('position').notNull(),
    status: text('status').$type<TaskStatus>().notNull().default('open'),
    completedAt: moment('completed_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('tasks_plan_id_index').on(table.planId, table.position),
    index('tasks_due_date_index').on(table.userId, table.dueDate, table.id),
  ],
);

import { type PlanStatus, type SectionChannel, type TaskStatus } from '@alva/shared-types';
import { date, doublePrecision, index, integer, jsonb, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { jobs } from './jobs.ts';
import { appSchema } from './schema.ts';

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
    generator: jsonb('generator').$type<{ provider: string; model: string; demo: boolean }>(),
    /** The profile as it was when the plan was asked for. */
    clientProfile: jsonb('client_profile').$type<unknown>().notNull(),
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
  },
  (table) => [index('plan_sections_plan_id_index').on(table.planId, table.position)],
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
  },
  (table) => [
    index('tasks_plan_id_index').on(table.planId, table.position),
    index('tasks_user_id_index').on(table.userId),
  ],
);

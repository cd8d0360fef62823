import { sectionChannels, taskSorts, taskStatuses } from '@alva/shared-types';
import { z } from 'zod';
import { pageQuery } from './lists.ts';
import { day, identifier, line, text, timestamp } from './primitives.ts';

/** As many as a plan holds: enough for a year, and few enough to be put in order at once. */
export const mostTasks = 200;

export const planTask = z
  .object({
    id: identifier,
    planId: identifier,
    channel: z.enum(sectionChannels),
    title: z.string(),
    detail: z.string(),
    dueDate: z.iso.date(),
    order: z.number().int().describe('Its place in the plan; 0 is first'),
    status: z.enum(taskStatuses),
    completedAt: timestamp.nullable().describe('Since when it is done; null while it is open'),
    version: z.number().int().describe('Counts its changes; `"3"` as an entity tag'),
  })
  .meta({ id: 'PlanTask' });
export type PlanTask = z.infer<typeof planTask>;

const fields = {
  title: line(200),
  detail: text(2000).or(z.literal('')),
  dueDate: day,
  channel: z.enum(sectionChannels),
  order: z
    .number()
    .int()
    .min(0)
    .max(mostTasks)
    .describe('The place it takes; 0 is first, and a place beyond the last one is the last'),
};

/** Body of `POST /plans/:id/tasks`. Without a place it becomes the last. */
export const addTaskBody = z
  .strictObject({
    ...fields,
    detail: fields.detail.default(''),
    channel: fields.channel.default('positioning'),
    order: fields.order.optional(),
  })
  .meta({ id: 'AddTask' });
export type AddTaskBody = z.infer<typeof addTaskBody>;

/** Body of `PATCH /tasks/:id`. What is left out stays as it is. */
export const changeTaskBody = z
  .strictObject({ ...fields, status: z.enum(taskStatuses) })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change something')
  .meta({ id: 'ChangeTask' });
export type ChangeTaskBody = z.infer<typeof changeTaskBody>;

export const tasksQuery = pageQuery.extend({
  planId: identifier.optional().describe('Only those of this plan'),
  status: z.enum(taskStatuses).optional(),
  channel: z.enum(sectionChannels).optional(),
  dueBefore: day.optional().describe('Due before this day'),
  dueAfter: day.optional().describe('Due after this day'),
  sort: z.enum(taskSorts).default('due-date').describe('By due date, or plan by plan (newest first) in its own order'),
});
export type TasksQuery = z.infer<typeof tasksQuery>;

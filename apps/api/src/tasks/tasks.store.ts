import { and, asc, eq, gt, lt, sql, tasks, type Database } from '@alva/database';
import type { PlanTask, TasksQuery } from '@alva/validation';
import { toTask } from './task-rows.store.ts';

/** Where one page of tasks ended, as each order counts. */
export interface TaskPositions {
  readonly 'due-date': readonly [dueDate: string, id: string];
  readonly plan: readonly [planId: string, order: number, id: string];
}

export type TaskFilter = Pick<TasksQuery, 'planId' | 'status' | 'channel' | 'dueBefore' | 'dueAfter'>;

interface TasksSlice<Position> {
  readonly limit: number;
  readonly before: Position | undefined;
}

/** Tasks as they are read. Changing them is in `task-edits.store.ts`. */
export function createTasksStore({ db }: Database) {
  const matching = (userId: string, { planId, status, channel, dueBefore, dueAfter }: TaskFilter) =>
    and(
      eq(tasks.userId, userId),
      planId === undefined ? undefined : eq(tasks.planId, planId),
      status === undefined ? undefined : eq(tasks.status, status),
      channel === undefined ? undefined : eq(tasks.channel, channel),
      dueBefore === undefined ? undefined : lt(tasks.dueDate, dueBefore),
      dueAfter === undefined ? undefined : gt(tasks.dueDate, dueAfter),
    );

  return {
    async find(userId: string, id: string): Promise<PlanTask | undefined> {
      const [row] = await db
        .select()
        .from(tasks)
        .where(and(eq(tasks.id, id), eq(tasks.userId, userId)));
      return row && toTask(row);
    },

    async listByDueDate(
      userId: string,
      filter: TaskFilter,
      { limit, before }: TasksSlice<TaskPositions['due-date']>,
    ): Promise<PlanTask[]> {
      const [dueDate, id] = before ?? [];
      const behind = before && sql`(${tasks.dueDate}, ${tasks.id}) > (${dueDate}::date, ${id}::uuid)`;
      const rows = await db
        .select()
        .from(tasks)
        .where(and(matching(userId, filter), behind))
        .orderBy(asc(tasks.dueDate), asc(tasks.id))
        .limit(limit);
      return rows.map(toTask);
    },

    /** Newest plan first: identifiers sort by age. */
    async listByPlan(
      userId: string,
      filter: TaskFilter,
      { limit, before }: TasksSlice<TaskPositions['plan']>,
    ): Promise<PlanTask[]> {
      const [planId, order, id] = before ?? [];
      const behind =
        before &&
        sql`(${tasks.planId} < ${planId}::uuid or (${tasks.planId} = ${planId}::uuid and (${tasks.position}, ${tasks.id}) > (${order}::int, ${id}::uuid)))`;
      const rows = await db
        .select()
        .from(tasks)
        .where(and(matching(userId, filter), behind))
        .orderBy(sql`${tasks.planId} desc`, asc(tasks.position), asc(tasks.id))
        .limit(limit);
      return rows.map(toTask);
    },
  };
}
export type TasksStore = ReturnType<typeof createTasksStore>;

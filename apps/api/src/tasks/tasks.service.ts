import {
  isExpected,
  preconditionFailed,
  ProblemError,
  readPageBy,
  type ExpectedVersions,
  type ListOrder,
  type Page,
} from '@alva/service-kit';
import {
  day,
  identifier,
  mostTasks,
  type AddTaskBody,
  type ChangeTaskBody,
  type PlanTask,
  type TasksQuery,
} from '@alva/validation';
import { z } from 'zod';
import type { Asker } from '../jobs/asker.ts';
import type { TaskEdit, TaskEditsStore } from './task-edits.store.ts';
import type { TaskPositions, TasksStore } from './tasks.store.ts';

export interface TasksServiceOptions {
  readonly store: TasksStore;
  readonly edits: TaskEditsStore;
}

const byDueDate: ListOrder<PlanTask, TaskPositions['due-date']> = {
  position: z.tuple([day, identifier]),
  positionOf: ({ dueDate, id }) => [dueDate, id],
};

/** A task that is moved while somebody turns pages may be shown twice or not at all, as in any list one can put in order. */
const byPlan: ListOrder<PlanTask, TaskPositions['plan']> = {
  position: z.tuple([identifier, z.number().int().min(0).max(mostTasks), identifier]),
  positionOf: ({ planId, order, id }) => [planId, order, id],
};

export function createTasksService({ store, edits }: TasksServiceOptions) {
  return {
    async list(userId: string, { limit, cursor, sort, ...filter }: TasksQuery): Promise<Page<PlanTask>> {
      const query = { limit, cursor };
      if (sort === 'plan') return readPageBy(byPlan, query, (slice) => store.listByPlan(userId, filter, slice));
      return readPageBy(byDueDate, query, (slice) => store.listByDueDate(userId, filter, slice));
    },

    async get(userId: string, id: string): Promise<PlanTask> {
      return found(await store.find(userId, id));
    },

    async add({ userId, idempotencyKey }: Asker, planId: string, body: AddTaskBody): Promise<PlanTask> {
      const effect =
        idempotencyKey === undefined ? undefined : { key: idempotencyKey, request: ['task.add', planId, body] };
      const added = await edits.add(userId, planId, body, effect, (plan) => {
        if (!plan) throw new ProblemError('not-found');
        if (plan.status !== 'ready') throw new ProblemError('plan-not-ready');
        if (plan.tasks >= mostTasks) throw new ProblemError('too-many-tasks');
      });
      if (added === 'other-request') throw new ProblemError('idempotency-key-reused');
      return added;
    },

    /** Whoever names a version changes only that one. What the task says already is no change, however often it is said. */
    async change(
      userId: string,
      id: string,
      body: ChangeTaskBody,
      expected: ExpectedVersions = 'any',
    ): Promise<PlanTask> {
      const changed = await edits.change(userId, id, (task, tasks) => {
        const edit = differing(task, body, tasks - 1);
        if (edit && !isExpected(expected, task.version)) throw preconditionFailed(task.version);
        return edit;
      });
      return found(changed);
    },

    async remove(userId: string, id: string, expected: ExpectedVersions = 'any'): Promise<void> {
      const removed = await edits.remove(userId, id, ({ version }) => {
        if (!isExpected(expected, version)) throw preconditionFailed(version);
      });
      if (!removed) throw new ProblemError('not-found');
    },
  };
}
export type TasksService = ReturnType<typeof createTasksService>;

function differing(task: PlanTask, { order, ...fields }: ChangeTaskBody, lastPlace: number): TaskEdit | undefined {
  const wanted = order === undefined ? fields : { ...fields, order: Math.min(order, lastPlace) };
  const changes = Object.entries(wanted).filter(([name, value]) => task[name as keyof TaskEdit] !== value);
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function found(task: PlanTask | undefined): PlanTask {
  if (!task) throw new ProblemError('not-found');
  return task;
}

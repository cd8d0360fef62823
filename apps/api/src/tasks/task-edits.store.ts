import { and, eq, inArray, newIdentifier, plans, sql, tasks, type Database } from '@alva/database';
import type { PlanStatus } from '@alva/shared-types';
import type { AddTaskBody, PlanTask } from '@alva/validation';
import { claimEffect, rememberAnswer, type IntendedEffect } from '../jobs/idempotency.store.ts';
import type { Transaction } from '../jobs/job-definition.ts';
import { counted, ownPlan } from '../plans/plan-rows.store.ts';
import { toTask } from './task-rows.store.ts';

/** The plan that a task is added to, with how many it has. */
export interface GrowingPlan {
  readonly status: PlanStatus;
  readonly tasks: number;
}

/** What becomes of a task. `order` is left out where it stays. */
export type TaskEdit = Partial<Pick<PlanTask, 'title' | 'detail' | 'dueDate' | 'channel' | 'status' | 'order'>>;

/**
 * What owners do to tasks. The plan is held before any task, so nothing that `decide` is shown changes before it is acted on, and moves
 * in one plan come one after the other. `decide` may throw.
 */
export function createTaskEditsStore({ db }: Database) {
  /**
   * A named effect is had once; whoever repeats it gets the first one's answer. Its name is claimed before the plan is held, as
   * it is by all work that is asked for. `decide` is shown nothing when there is no such plan, and then has to throw.
   */
  async function add(
    userId: string,
    planId: string,
    { order, ...task }: AddTaskBody,
    effect: IntendedEffect | undefined,
    decide: (plan: GrowingPlan | undefined) => void,
  ): Promise<PlanTask | 'other-request'> {
    return db.transaction(async (transaction) => {
      const standing = effect ? await claimEffect(transaction, userId, effect) : 'first';
      if (standing === 'other-request') return standing;
      if (standing !== 'first') return standing.answer as PlanTask;
      const [plan] = await transaction
        .select({ status: plans.status })
        .from(plans)
        .where(ownPlan(userId, planId))
        .for('update');
      const position = await countTasks(transaction, planId);
      decide(plan && { ...plan, tasks: position });
      const id = newIdentifier();
      await transaction.insert(tasks).values({ ...task, id, planId, userId, position });
      if (order !== undefined) await moveTo(transaction, planId, id, order);
      await countChange(transaction, planId);
      const added = await read(transaction, id);
      if (effect) await rememberAnswer(transaction, userId, effect, added);
      return added;
    });
  }

  /** Answers with the task as it is then; nothing to edit changes nothing. */
  async function change(
    userId: string,
    id: string,
    decide: (task: PlanTask, tasks: number) => TaskEdit | undefined,
  ): Promise<PlanTask | undefined> {
    return db.transaction(async (transaction) => {
      const task = await hold(transaction, userId, id);
      const edit = task && decide(task, await countTasks(transaction, task.planId));
      if (!edit) return task;
      const { order, ...fields } = edit;
      await transaction
        .update(tasks)
        .set({
          ...fields,
          version: sql`${tasks.version} + 1`,
          ...(fields.status === undefined ? {} : { completedAt: fields.status === 'done' ? sql`now()` : null }),
        })
        .where(eq(tasks.id, id));
      if (order !== undefined) await moveTo(transaction, task.planId, id, order);
      await countChange(transaction, task.planId);
      return read(transaction, id);
    });
  }

  /** False when there is no such task. */
  async function remove(userId: string, id: string, decide: (task: PlanTask) => void): Promise<boolean> {
    return db.transaction(async (transaction) => {
      const task = await hold(transaction, userId, id);
      if (!task) return false;
      decide(task);
      // As the last one it leaves no gap.
      await moveTo(transaction, task.planId, id, Number.MAX_SAFE_INTEGER);
      await transaction.delete(tasks).where(eq(tasks.id, id));
      await countChange(transaction, task.planId);
      return true;
    });
  }

  return { add, change, remove };
}
export type TaskEditsStore = ReturnType<typeof createTaskEditsStore>;

/** Tasks never move to another plan, so the one found without a lock is still the one to hold. */
async function hold(transaction: Transaction, userId: string, id: string): Promise<PlanTask | undefined> {
  const own = and(eq(tasks.id, id), eq(tasks.userId, userId));
  const planId = transaction.select({ id: tasks.planId }).from(tasks).where(own);
  await transaction.select({ id: plans.id }).from(plans).where(inArray(plans.id, planId)).for('update');
  const [row] = await transaction.select().from(tasks).where(own);
  return row && toTask(row);
}

/**
 * One statement gives every task of the plan its place: the others keep their order, and make room. A task whose place is
 * another one now has changed.
 */
async function moveTo(transaction: Transaction, planId: string, id: string, order: number): Promise<void> {
  await transaction.execute(sql`
    with others as (
      select id, row_number() over (order by position, id) - 1 as place
      from app.tasks where plan_id = ${planId} and id <> ${id}
    ), placed as (
      select id, case when place < ${order} then place else place + 1 end as place from others
      union all select ${id}::uuid, least(${order}::bigint, (select count(*) from others))
    )
    update app.tasks as task
    set position = placed.place, version = version + case when task.id = ${id} then 0 else 1 end
    from placed where task.id = placed.id and task.position <> placed.place`);
}

function countTasks(transaction: Transaction, planId: string): Promise<number> {
  return transaction.$count(tasks, eq(tasks.planId, planId));
}

async function countChange(transaction: Transaction, planId: string): Promise<void> {
  await transaction.update(plans).set(counted).where(eq(plans.id, planId));
}

async function read(transaction: Transaction, id: string): Promise<PlanTask> {
  const [row] = await transaction.select().from(tasks).where(eq(tasks.id, id));
  if (!row) throw new Error('The task is gone although its plan is held');
  return toTask(row);
}

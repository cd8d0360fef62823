import { and, asc, eq, plans, planSections, sql, tasks } from '@alva/database';
import type { ClientProfile, Plan, PlanGenerator, PlanOverview } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';
import { toTask } from '../tasks/task-rows.store.ts';

/** Set with every change that a reader of the plan can see, its sections and tasks included. */
export const counted = { version: sql`${plans.version} + 1`, updatedAt: sql`now()` };

export function ownPlan(userId: string, id: string) {
  return and(eq(plans.id, id), eq(plans.userId, userId));
}

/** A plan with all that belongs to it, as `GET /plans/:id` shows it. */
export async function readPlan(transaction: Transaction, userId: string, id: string): Promise<Plan | undefined> {
  const [row] = await transaction.select().from(plans).where(ownPlan(userId, id));
  return row && fillIn(transaction, row);
}

/**
 * The same, held until the transaction ends: whoever changes a plan, its sections or its tasks holds the plan first, so what
 * is decided by what is read here is still so when it is done, and nobody waits for somebody who waits for them.
 */
export async function holdPlan(transaction: Transaction, userId: string, id: string): Promise<Plan | undefined> {
  const [row] = await transaction.select().from(plans).where(ownPlan(userId, id)).for('update');
  return row && fillIn(transaction, row);
}

async function fillIn(transaction: Transaction, row: typeof plans.$inferSelect): Promise<Plan> {
  const sections = await transaction
    .select()
    .from(planSections)
    .where(eq(planSections.planId, row.id))
    .orderBy(asc(planSections.position));
  const own = await transaction.select().from(tasks).where(eq(tasks.planId, row.id)).orderBy(asc(tasks.position));
  return {
    ...toOverview(row),
    clientProfile: row.clientProfile as ClientProfile,
    metrics: row.metrics,
    sections: sections.map(({ planId: _planId, position: _position, generator, previous, ...section }) => ({
      ...section,
      generator: unlessSame(generator, row.generator),
      previous: previous && { ...previous, generator: unlessSame(previous.generator, row.generator) },
    })),
    tasks: own.map(toTask),
  };
}

/** Who wrote the plan is named once. */
function unlessSame(writer: PlanGenerator | null, planner: PlanGenerator | null): PlanGenerator | null {
  return writer?.provider === planner?.provider && writer?.model === planner?.model ? null : writer;
}

export function toOverview(row: typeof plans.$inferSelect): PlanOverview {
  const { id, title, status, jobId, summary, generator, version } = row;
  return {
    id,
    title,
    status,
    jobId,
    summary,
    generator,
    version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

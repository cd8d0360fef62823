import { and, asc, desc, eq, lt, newIdentifier, plans, planSections, sql, tasks, type Database } from '@alva/database';
import type { ClientProfile, Plan, PlanDraft, PlanGenerator, PlanOverview } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';

export interface NewPlan {
  readonly id: string;
  readonly userId: string;
  readonly jobId: string;
  readonly title: string;
  readonly clientProfile: ClientProfile;
}

export function createPlansStore({ db }: Database) {
  const mine = (userId: string, id: string) => and(eq(plans.id, id), eq(plans.userId, userId));

  async function insert(transaction: Transaction, plan: NewPlan): Promise<void> {
    await transaction.insert(plans).values(plan);
  }

  /** Newest first: identifiers sort by age. */
  async function list(
    userId: string,
    { limit, before }: { limit: number; before: string | undefined },
  ): Promise<PlanOverview[]> {
    const rows = await db
      .select()
      .from(plans)
      .where(and(eq(plans.userId, userId), before === undefined ? undefined : lt(plans.id, before)))
      .orderBy(desc(plans.id))
      .limit(limit);
    return rows.map(toOverview);
  }

  async function find(userId: string, id: string): Promise<Plan | undefined> {
    // One snapshot: sections and tasks of a plan that is just being finished are there with it or not at all.
    return db.transaction(
      async (transaction) => {
        const [row] = await transaction.select().from(plans).where(mine(userId, id));
        if (!row) return undefined;
        const sections = await transaction
          .select()
          .from(planSections)
          .where(eq(planSections.planId, id))
          .orderBy(asc(planSections.position));
        const own = await transaction.select().from(tasks).where(eq(tasks.planId, id)).orderBy(asc(tasks.position));
        return {
          ...toOverview(row),
          clientProfile: row.clientProfile as ClientProfile,
          metrics: row.metrics,
          sections: sections.map(({ planId: _planId, position: _position, ...section }) => section),
          tasks: own.map(({ userId: _userId, position, ...task }) => ({ ...task, order: position })),
        };
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );
  }

  /** Fills in the plan that waits for this job. Due days count from today. */
  async function complete(
    transaction: Transaction,
    jobId: string,
    draft: PlanDraft,
    generator: PlanGenerator,
  ): Promise<string> {
    const { title, summary, metrics } = draft;
    const [plan] = await transaction
      .update(plans)
      .set({ status: 'ready', title, summary, metrics, generator, updatedAt: sql`now()` })
      .where(eq(plans.jobId, jobId))
      .returning({ id: plans.id, userId: plans.userId });
    if (!plan) throw new Error('The plan of this job is gone');
    await transaction
      .insert(planSections)
      .values(
        draft.sections.map((section, position) => ({ ...section, id: newIdentifier(), planId: plan.id, position })),
      );
    await transaction.insert(tasks).values(
      draft.tasks.map(({ dueInDays, ...task }, position) => ({
        ...task,
        id: newIdentifier(),
        planId: plan.id,
        userId: plan.userId,
        position,
        dueDate: isoDate(Date.now() + dueInDays * 86_400_000),
      })),
    );
    return plan.id;
  }

  async function setStatus(transaction: Transaction, jobId: string, status: 'failed' | 'cancelled'): Promise<void> {
    await transaction
      .update(plans)
      .set({ status, updatedAt: sql`now()` })
      .where(eq(plans.jobId, jobId));
  }

  return { newId: () => newIdentifier(), insert, list, find, complete, setStatus };
}
export type PlansStore = ReturnType<typeof createPlansStore>;

function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function toOverview(row: typeof plans.$inferSelect): PlanOverview {
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

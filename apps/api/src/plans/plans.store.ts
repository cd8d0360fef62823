import { and, desc, eq, lt, newIdentifier, plans, planSections, sql, tasks, type Database } from '@alva/database';
import type { ClientProfile, Plan, PlanDraft, PlanOverview, PlansQuery } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';
import type { Author } from '../llm/author.ts';
import { counted, readPlan, toOverview } from './plan-rows.store.ts';

export interface NewPlan {
  readonly id: string;
  readonly userId: string;
  readonly jobId: string;
  readonly title: string;
  readonly clientProfile: ClientProfile;
}

type PlansSlice = Pick<PlansQuery, 'status' | 'search'> & { limit: number; before: string | undefined };

/** Plans as they are asked for, filled in by their jobs, and read. Changing them is in `plan-edits.store.ts`. */
export function createPlansStore({ db }: Database) {
  /** One after the other for each person: what is counted stays true. False when they have `most` already. */
  async function insert(transaction: Transaction, plan: NewPlan, most: number): Promise<boolean> {
    const { id, userId, jobId, title, clientProfile } = plan;
    await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`plans of ${userId}`}, 0))`);
    const { rowCount } = await transaction.execute(sql`
      insert into app.plans (id, user_id, job_id, title, client_profile)
      select ${id}::uuid, ${userId}::uuid, ${jobId}::uuid, ${title}::text, ${JSON.stringify(clientProfile)}::jsonb
      where (select count(*) from app.plans where user_id = ${userId}) < ${most}::int`);
    return rowCount === 1;
  }

  /** Newest first: identifiers sort by age. */
  async function list(userId: string, { limit, before, status, search }: PlansSlice): Promise<PlanOverview[]> {
    const rows = await db
      .select()
      .from(plans)
      .where(
        and(
          eq(plans.userId, userId),
          before === undefined ? undefined : lt(plans.id, before),
          status === undefined ? undefined : eq(plans.status, status),
          search === undefined ? undefined : sql`position(lower(${search}) in lower(${plans.title})) > 0`,
        ),
      )
      .orderBy(desc(plans.id))
      .limit(limit);
    return rows.map(toOverview);
  }

  async function find(userId: string, id: string): Promise<Plan | undefined> {
    // One snapshot: sections and tasks of a plan that is just being finished are there with it or not at all.
    return db.transaction((transaction) => readPlan(transaction, userId, id), {
      isolationLevel: 'repeatable read',
      accessMode: 'read only',
    });
  }

  /** Fills in the plan that waits for this job; undefined when it is gone. Due days count from today. */
  async function complete(
    transaction: Transaction,
    jobId: string,
    draft: PlanDraft,
    generator: Author,
  ): Promise<string | undefined> {
    const { title, summary, metrics } = draft;
    const [plan] = await transaction
      .update(plans)
      .set({ status: 'ready', title, summary, metrics, generator, ...counted })
      .where(eq(plans.jobId, jobId))
      .returning({ id: plans.id, userId: plans.userId });
    if (!plan) return undefined;
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
      .set({ status, ...counted })
      .where(eq(plans.jobId, jobId));
  }

  return { newId: () => newIdentifier(), insert, list, find, complete, setStatus };
}
export type PlansStore = ReturnType<typeof createPlansStore>;

function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

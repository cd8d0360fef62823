import { and, eq, inArray, plans, planSections, type Database } from '@alva/database';
import type { Plan } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';
import type { PlanEdit } from './edit-plan.ts';
import { counted, holdPlan, ownPlan } from './plan-rows.store.ts';

/** What their owners do to plans. `decide` is shown the plan as nobody else can change it meanwhile; it may throw. */
export function createPlanEditsStore({ db }: Database) {
  /** Answers with the plan as it is then; nothing to edit changes nothing. */
  async function change(
    userId: string,
    id: string,
    decide: (plan: Plan) => PlanEdit | undefined,
  ): Promise<Plan | undefined> {
    return db.transaction(async (transaction) => {
      const plan = await holdPlan(transaction, userId, id);
      const edit = plan && decide(plan);
      if (!edit) return plan;
      await transaction
        .update(plans)
        .set({ ...edit.plan, ...counted })
        .where(eq(plans.id, id));
      for (const { id: sectionId, ...section } of edit.sections) {
        await transaction.update(planSections).set(section).where(eq(planSections.id, sectionId));
      }
      return holdPlan(transaction, userId, id);
    });
  }

  /** Answers with what was deleted. Its sections and tasks go with it, its jobs stay. */
  async function remove(userId: string, id: string, decide: (plan: Plan) => void): Promise<Plan | undefined> {
    return db.transaction(async (transaction) => {
      const plan = await holdPlan(transaction, userId, id);
      if (!plan) return undefined;
      decide(plan);
      await transaction.delete(plans).where(eq(plans.id, id));
      return plan;
    });
  }

  /** A plan that came to nothing waits for another job. False when it is not such a plan. */
  async function restart(transaction: Transaction, userId: string, id: string, jobId: string): Promise<boolean> {
    const restarted = await transaction
      .update(plans)
      .set({ status: 'generating', jobId, ...counted })
      .where(and(ownPlan(userId, id), inArray(plans.status, ['failed', 'cancelled'])))
      .returning({ id: plans.id });
    return restarted.length === 1;
  }

  return { change, remove, restart };
}
export type PlanEditsStore = ReturnType<typeof createPlanEditsStore>;

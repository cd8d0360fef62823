import { and, eq, inArray, isNull, plans, planSections } from '@alva/database';
import type { SectionDraft } from '@alva/validation';
import type { Transaction } from '../jobs/job-definition.ts';
import type { Author } from '../llm/author.ts';
import { counted, ownPlan } from './plan-rows.store.ts';

export interface SectionToRewrite {
  readonly planId: string;
  readonly sectionId: string;
}

/**
 * One rewriting of a section at a time: the statement that marks it decides. As for every change of a plan, the plan is held
 * first, and may be gone by then.
 */
export async function beginRewrite(
  transaction: Transaction,
  userId: string,
  { planId, sectionId }: SectionToRewrite,
  jobId: string,
): Promise<'begun' | 'in-work' | 'gone'> {
  const held = await transaction.update(plans).set(counted).where(ownPlan(userId, planId)).returning({ id: plans.id });
  if (held.length === 0) return 'gone';
  const marked = await transaction
    .update(planSections)
    .set({ jobId })
    .where(and(eq(planSections.id, sectionId), eq(planSections.planId, planId), isNull(planSections.jobId)))
    .returning({ id: planSections.id });
  return marked.length === 1 ? 'begun' : 'in-work';
}

/**
 * The new text takes its place. What the section says at this moment, an edit made meanwhile included, becomes what it said
 * before. Undefined when the plan is gone.
 */
export async function completeRewrite(
  transaction: Transaction,
  jobId: string,
  draft: SectionDraft,
  generator: Author,
): Promise<SectionToRewrite | undefined> {
  const [plan] = await holdPlanOf(transaction, jobId);
  if (!plan) return undefined;
  const [section] = await transaction.select().from(planSections).where(eq(planSections.jobId, jobId));
  if (!section) return undefined;
  const { id, title, body } = section;
  await transaction
    .update(planSections)
    .set({ ...draft, generator, previous: { title, body, generator: section.generator }, jobId: null })
    .where(eq(planSections.id, id));
  return { planId: plan.id, sectionId: id };
}

/** The job came to nothing: the section stays as it is. */
export async function abandonRewrite(transaction: Transaction, jobId: string): Promise<void> {
  await holdPlanOf(transaction, jobId);
  await transaction.update(planSections).set({ jobId: null }).where(eq(planSections.jobId, jobId));
}

function holdPlanOf(transaction: Transaction, jobId: string) {
  const planId = transaction
    .select({ id: planSections.planId })
    .from(planSections)
    .where(eq(planSections.jobId, jobId));
  return transaction.update(plans).set(counted).where(inArray(plans.id, planId)).returning({ id: plans.id });
}

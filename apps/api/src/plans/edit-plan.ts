import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@alva/service-kit';
import type { ChangePlanBody, Plan, PlanSection, SectionChange } from '@alva/validation';

/** What is to be written: only what will differ from what is there. */
export interface PlanEdit {
  readonly plan: Partial<Pick<Plan, 'title' | 'summary' | 'metrics'>>;
  readonly sections: readonly PlanSection[];
}

/** Undefined when the plan says all of that already. Throws 422 on what would not be a plan any more. */
export function editPlan(
  plan: Plan,
  { sections: changes = [], title, summary, metrics }: ChangePlanBody,
): PlanEdit | undefined {
  const before = { title: plan.title, summary: plan.summary, metrics: plan.metrics };
  const after = {
    title: title ?? before.title,
    summary: summary ?? before.summary,
    metrics: metrics ?? before.metrics,
  };
  const edited = changes.map((change, index) => editSection(plan, change, `#/sections/${index}`));
  refuseOddShares(plan, changes, edited);
  const differing = edited.filter((section) => !plan.sections.some((known) => isDeepStrictEqual(known, section)));
  if (differing.length === 0 && isDeepStrictEqual(before, after)) return undefined;
  return { plan: after, sections: differing };
}

function editSection(plan: Plan, { id, restore, ...change }: SectionChange, pointer: string): PlanSection {
  const section = plan.sections.find((each) => each.id === id);
  if (!section) throw invalid(`${pointer}/id`, 'is no section of this plan');
  const { title, body, generator, previous } = section;
  if (restore) {
    if (!previous) throw invalid(`${pointer}/restore`, 'is not possible: this section was never rewritten');
    return {
      ...section,
      ...previous,
      previous: { title, body, generator },
      budgetShare: change.budgetShare ?? section.budgetShare,
    };
  }
  return {
    ...section,
    title: change.title ?? title,
    body: change.body ?? body,
    budgetShare: change.budgetShare ?? section.budgetShare,
  };
}

/** Shares are changed together: afterwards they add up, those included that nobody named. */
function refuseOddShares(plan: Plan, changes: readonly SectionChange[], edited: readonly PlanSection[]): void {
  if (changes.every(({ budgetShare }) => budgetShare === undefined)) return;
  const sum = plan.sections
    .map((section) => edited.find(({ id }) => id === section.id) ?? section)
    .reduce((all, { budgetShare }) => all + budgetShare, 0);
  if (Math.round(sum * 100) !== 10_000) throw invalid('#/sections', `must have shares that add up to 100, not ${sum}`);
}

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('validation-failed', { errors: [{ pointer, detail }] });
}

import type { Plan } from '@alva/validation';
import type { PlanInHand } from '../llm/assistant.ts';

/** What its reader sees of a plan, and nothing that only we need to know. Undefined while it is not ready. */
export function planInHand(plan: Plan | undefined): PlanInHand | undefined {
  if (plan?.status !== 'ready') return undefined;
  const { title, summary, sections, tasks } = plan;
  return {
    title,
    summary,
    sections: sections.map(({ channel, title, body, budgetShare }) => ({ channel, title, body, budgetShare })),
    tasks: tasks.map(({ title, detail, dueDate, status }) => ({ title, detail, dueDate, status })),
  };
}

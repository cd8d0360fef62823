import type { Plan } from '@alva/validation';
import type { PlanInHand } from '../llm/assistant.ts';

/** What its reader sees of a plan, and nothing that only we need to know. */
export function planInHand({ title, summary, sections, tasks }: Plan): PlanInHand {
  return {
    title,
    summary,
    sections: sections.map(({ channel, title, body, budgetShare }) => ({ channel, title, body, budgetShare })),
    tasks: tasks.map(({ title, detail, dueDate, status }) => ({ title, detail, dueDate, status })),
  };
}

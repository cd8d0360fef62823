import type { DraftPart } from '@alva/validation';
import type { AssistantEvent } from './assistant.ts';

const names: Record<DraftPart, string> = {
  summary: 'Writing the summary',
  positioning: 'Working out the positioning',
  ppc: 'Planning search ads',
  blog: 'Planning the blog',
  social: 'Planning social media',
  email: 'Planning e-mail',
  seo: 'Planning search ranking',
};

/** Writing the parts is the long stretch between 10 and 85 percent. */
export function partStep(part: DraftPart, index: number, parts: number): AssistantEvent<never> {
  const percent = 10 + Math.round((Math.min(index, parts) / parts) * 75);
  return { event: 'step', data: { step: names[part], percent } };
}

export const steps = {
  reading: { event: 'step', data: { step: 'Reading about your business', percent: 5 } },
  tasks: { event: 'step', data: { step: 'Turning it into tasks', percent: 88 } },
  thinking: { event: 'step', data: { step: 'Thinking about your question', percent: 5 } },
  checking: { event: 'step', data: { step: 'Checking the figures', percent: 96 } },
} as const satisfies Record<string, AssistantEvent<never>>;

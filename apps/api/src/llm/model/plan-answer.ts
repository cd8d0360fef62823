import { sectionChannels } from '@alva/shared-types';
import { planDraft, type ClientProfile, type PlanDraft } from '@alva/validation';
import { z } from 'zod';
import { divide } from '../shares.ts';
import { cut } from './plain-text.ts';
import { readJson, unusable } from './read-json.ts';

/**
 * What the model is asked for. Without the lengths of `planDraft`: providers refuse schemas with them, and a sentence too
 * long is no reason to throw a plan away.
 */
export const planAnswer = z.object({
  title: z.string(),
  summary: z.string(),
  sections: z.array(
    z.object({ channel: z.enum(sectionChannels), title: z.string(), body: z.string(), budgetShare: z.number() }),
  ),
  tasks: z.array(
    z.object({ channel: z.enum(sectionChannels), title: z.string(), detail: z.string(), dueInDays: z.number() }),
  ),
  metrics: z.array(z.object({ name: z.string(), target: z.string() })),
});

/**
 * Makes a draft of what a model wrote, which may be anything: cut to size, in the order of the chosen channels, with shares
 * that add up. A plan that leaves out a channel is half a plan and refused.
 */
export function readPlanAnswer(text: string, profile: ClientProfile): PlanDraft {
  const { data: answer } = planAnswer.safeParse(readJson(text));
  if (!answer) throw unusable();
  const wanted = ['positioning', ...profile.channels] as const;
  const sections = wanted.map((wish) => {
    const section = answer.sections.find(({ channel, body }) => channel === wish && body.trim() !== '');
    if (!section) throw unusable();
    return section;
  });
  const shares = divide(
    100,
    sections.map(({ budgetShare }) => budgetShare),
  );
  const draft = planDraft.safeParse({
    title: cut(answer.title, 200),
    summary: cut(answer.summary, 2000),
    sections: sections.map(({ channel, title, body }, index) => ({
      channel,
      title: cut(title, 200) || channel,
      body: cut(body, 12_000),
      budgetShare: shares[index],
    })),
    tasks: answer.tasks
      .filter(({ channel, title }) => (wanted as readonly string[]).includes(channel) && title.trim() !== '')
      .slice(0, 40)
      .map(({ channel, title, detail, dueInDays }) => ({
        channel,
        title: cut(title, 200),
        detail: cut(detail, 2000),
        dueInDays: Math.round(Math.min(365, Math.max(0, dueInDays))),
      })),
    metrics: answer.metrics
      .slice(0, 12)
      .map(({ name, target }) => ({ name: cut(name, 120), target: cut(target, 200) }))
      .filter(({ name, target }) => name && target),
  });
  if (!draft.success) throw unusable();
  return draft.data;
}

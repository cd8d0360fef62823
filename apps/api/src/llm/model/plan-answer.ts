import { sectionChannels } from '@alva/shared-types';
import { planDraft, type ClientProfile, type PlanDraft } from '@alva/validation';
import { z } from 'zod';
import { PlannerError } from '../planner.ts';
import { divide } from '../shares.ts';
import { plainText } from './plain-text.ts';

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

const unusable = (cause: unknown) =>
  new PlannerError('answer-unusable', 'The model answered with something that is not a plan.', {}, cause);

/** Makes a draft of what a model wrote, which may be anything: cut to size, for the chosen channels, with shares that add up. */
export function readPlanAnswer(text: string, profile: ClientProfile): PlanDraft {
  const answer = planAnswer.safeParse(parseJson(text));
  if (!answer.success) throw unusable(answer.error);
  const wanted = new Set<string>(['positioning', ...profile.channels]);
  const sections = answer.data.sections
    .filter(({ channel, body }) => wanted.has(channel) && body.trim() !== '')
    .slice(0, 8);
  const shares = divide(
    100,
    sections.map(({ budgetShare }) => budgetShare),
  );
  const draft = planDraft.safeParse({
    title: cut(answer.data.title, 200),
    summary: cut(answer.data.summary, 2000),
    sections: sections.map(({ channel, title, body }, index) => ({
      channel,
      title: cut(title, 200) || channel,
      body: cut(body, 12_000),
      budgetShare: shares[index],
    })),
    tasks: answer.data.tasks
      .filter(({ channel, title }) => wanted.has(channel) && title.trim() !== '')
      .slice(0, 40)
      .map(({ channel, title, detail, dueInDays }) => ({
        channel,
        title: cut(title, 200),
        detail: cut(detail, 2000),
        dueInDays: Math.round(Math.min(365, Math.max(0, dueInDays))),
      })),
    metrics: answer.data.metrics
      .slice(0, 12)
      .map(({ name, target }) => ({ name: cut(name, 120), target: cut(target, 200) }))
      .filter(({ name, target }) => name && target),
  });
  if (!draft.success) throw unusable(draft.error);
  return draft.data;
}

/** Smaller models like to put a fence around it. */
function parseJson(text: string): unknown {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*/, '')
    .replace(/\s*```$/, '');
  try {
    return JSON.parse(bare);
  } catch (error) {
    throw unusable(error);
  }
}

function cut(text: string, length: number): string {
  const plain = plainText(text).trim();
  return plain.length <= length
    ? plain
    : `${plain
        .slice(0, length - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

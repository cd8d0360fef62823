import { setTimeout as delay } from 'node:timers/promises';
import { createFakeModel, streams } from '@alva/testing';
import type { Test } from 'tap';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { planPrompt } from '../../src/llm/prompts/plan.v1.ts';
import { estimateTokens } from '../../src/llm/tokens.ts';
import type { Person } from './person.ts';
import { profile } from './profile.ts';
import { isDelta } from './settle.ts';
import { keepReading, textOf, type Reader } from './reader.ts';
import type { Stack, Variables } from './stack.ts';

const usage = { prompt_tokens: 100, completion_tokens: 50 };

/** What stands in nobody's way. */
export const roomy = {
  MAX_UNFINISHED_JOBS: '1000',
  DAILY_TOKEN_BUDGET: '1000000000',
  JOB_STREAMS_PER_PERSON: '1000',
};

/** What the slow model writes: as long as plans of models are, several thousand tokens. */
function writtenPlan(): string {
  const { sections, ...draft } = composePlan(profile);
  const longer = sections.map(({ body, ...section }) => ({ ...section, body: `${body}\n\n${body}\n\n${body}` }));
  return JSON.stringify({ ...draft, sections: longer });
}

/** What a run that did not come to its end may be charged: its prompt, and all that it can have read of the answer. */
function mostOfInterrupted(): { input: number; output: number } {
  const { instructions, material } = planPrompt(profile);
  return {
    input: estimateTokens(instructions) + estimateTokens(material),
    output: estimateTokens(writtenPlan()),
  };
}

/** A model that takes a second for a plan and charges the same for each; what a worker has to know to ask it. */
export async function slowModel(t: Test): Promise<Variables> {
  const model = await createFakeModel(t);
  const pieces = writtenPlan().match(/.{1,600}/gs) ?? [];
  model.behave(streams({ pieces, usage, before: () => delay(1_000 / pieces.length) }));
  return { LLM_PROVIDER: 'openai-compatible', OPENAI_BASE_URL: model.url, LLM_MODEL: 'test' };
}

interface SettledJob {
  readonly id: string;
  readonly state: string;
  readonly last: number;
  readonly events: number;
  readonly first: number;
  readonly newest: number;
  readonly results: number;
  readonly ends: number;
  readonly attempt: number;
  readonly input: number;
  readonly output: number;
}

export interface Accepted {
  readonly planId: string;
  readonly jobId: string;
  readonly reader: Reader;
  /** When its reader heard of the end. */
  endedAt: number;
}

/** Asks for a plan and watches it from now on. */
export async function accept(person: () => Person): Promise<Accepted> {
  const ids = await person().generate();
  const accepted = { ...ids, reader: keepReading(person, ids.jobId), endedAt: 0 };
  void accepted.reader.done.then(() => (accepted.endedAt = Date.now()));
  return accepted;
}

/** Waits until somebody writes it. */
export async function isBeingWritten({ reader }: Accepted): Promise<void> {
  while (!reader.events.some(isDelta)) await delay(10);
}

/**
 * What holds whatever happened: every job that was accepted has one end and one result, was told whole, and was charged once for
 * each of its runs: exactly what the model says for the last one, and for those before no more than they can have cost.
 */
export async function proveSettled(t: Test, { database: { sql } }: Stack, person: Person, all: readonly Accepted[]) {
  await Promise.all(all.map(({ reader }) => reader.done));
  const rows = await sql<SettledJob[]>`
    select j.id, j.state, j.last_seq as last, count(e.seq)::int as events, min(e.seq) as first, max(e.seq) as newest,
      count(*) filter (where e.event = 'result')::int as results,
      count(*) filter (where e.event = 'state' and e.data->>'state' in ('succeeded', 'failed', 'cancelled'))::int as ends,
      j.attempt, j.input_tokens as input, j.output_tokens as output
    from app.jobs j join app.job_events e on e.job_id = j.id group by j.id order by j.id`;
  t.equal(rows.length, all.length, 'nothing was lost');
  const most = mostOfInterrupted();
  let charged = 0;
  for (const { id, last, attempt, input, output, ...row } of rows) {
    t.same(
      row,
      { state: 'succeeded', events: last, first: 1, newest: last, results: 1, ends: 1 },
      `one end and one result: ${id}`,
    );
    const interrupted = attempt - 1;
    t.ok(
      usage.prompt_tokens <= input && input <= usage.prompt_tokens + interrupted * most.input,
      `${attempt} runs read ${input}`,
    );
    t.ok(
      usage.completion_tokens <= output && output <= usage.completion_tokens + interrupted * most.output,
      `and wrote ${output}`,
    );
    charged += input + output;
  }
  const [day] = await sql`
    select sum(tokens_used)::int as used, sum(tokens_reserved)::int as reserved from app.usage_days`;
  t.same(day, { used: charged, reserved: 0 }, 'the day was charged with each job once');
  for (const { jobId, planId, reader } of all) {
    const numbers = reader.events.map(({ id }) => id);
    t.same(
      numbers,
      numbers.map((_, index) => index + 1),
      'the reader was told everything once',
    );
    t.equal(numbers.length, rows.find(({ id }) => id === jobId)?.['events'], 'and all of it');
    const plan = await person.plan(planId);
    t.equal(textOf(reader.events, 'summary'), plan.summary, 'the reader has the text of the last attempt');
    t.equal(new Set(plan.sections.map(({ channel }) => channel)).size, plan.sections.length);
    t.equal(new Set(plan.tasks.map(({ title }) => title)).size, plan.tasks.length);
  }
}

import { usage as usageOfDay } from '@alva/validation';
import { createFakeModel, refuses, streams } from '@alva/testing';
import t from 'tap';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { recorded } from '../llm/support/asking.ts';
import { profile } from '../support/profile.ts';
import { createStack } from '../support/stack.ts';

const draft = composePlan(profile);
const usage = { prompt_tokens: 900, completion_tokens: 4_000 };

void t.test(
  '41: a model that breaks off and is busy writes its plan in the end, and all of it is charged',
  async (t) => {
    const model = await createFakeModel(t);
    model.behave(
      await recorded('connection-reset'),
      refuses(429, { 'retry-after-ms': '10' }, 'rate_limit_exceeded'),
      streams({ pieces: [JSON.stringify(draft)], usage }),
    );
    const stack = await createStack(t);
    const api = await stack.api();
    await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' }, { timing: { retry: 1 } });
    const person = await stack.person(api);
    await person.hasProfile();
    const { planId, jobId } = await person.generate();
    const events = await person.watchToEnd(jobId);
    t.match(events.flatMap(({ event, data }) => (event === 'step' ? [String(data['step'])] : [])).slice(0, 5), [
      /Reading/,
      /broke off.* Trying again in 1 s/,
      /Reading/,
      /is busy\. Trying again in 1 s/,
      /Reading/,
    ]);
    t.match(await person.plan(planId), {
      status: 'ready',
      title: draft.title,
      generator: { provider: 'openai-compatible', model: 'gpt-6-luna', demo: false },
    });
    const { attempt, usage: charged } = await person.job(jobId);
    t.equal(attempt, 3);
    t.ok(charged && charged.inputTokens > 1_000 && charged.outputTokens > 4_000, 'the broken answer by its length');
  },
);

void t.test('30: a model is asked when that is on record, so that calling the work off then is not free', async (t) => {
  const stack = await createStack(t);
  const model = await createFakeModel(t);
  const onRecord: unknown[] = [];
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  model.behave(async () => {
    onRecord.push(...(await stack.database.sql`select input_tokens as tokens from app.jobs`));
    resolve(undefined);
  });
  const api = await stack.api();
  await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' });
  const person = await stack.person(api);
  await person.hasProfile();
  const { jobId } = await person.generate();
  await asked;
  await person.send('DELETE', `/jobs/${jobId}`);
  t.match(onRecord, [{ tokens: Number }]);
  const { used, reserved } = usageOfDay.parse((await person.send('GET', '/usage')).body).tokens;
  t.ok(used > 500, `the question itself: ${used}`);
  t.equal(reserved, 0);
});

void t.test('41: an answer that its provider stopped is no plan, and its reason can be read', async (t) => {
  const model = await createFakeModel(t);
  model.behave(streams({ pieces: [JSON.stringify(draft).slice(0, 900)], finish: 'content_filter', usage }));
  const stack = await createStack(t);
  const api = await stack.api();
  await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' });
  const person = await stack.person(api);
  await person.hasProfile();
  const { planId, jobId } = await person.generate();
  await person.watchToEnd(jobId);
  t.match(await person.job(jobId), {
    state: 'failed',
    attempt: 1,
    error: { code: 'answer-filtered', detail: /content rules/ },
    usage: { inputTokens: 900, outputTokens: 4_000 },
  });
  t.match(await person.plan(planId), { status: 'failed', summary: '', sections: [] });
});

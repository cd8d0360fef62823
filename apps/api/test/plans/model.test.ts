import { usage as usageOfDay } from '@alva/validation';
import { createFakeModel, refuses, streams } from '@alva/testing';
import t from 'tap';
import { createAnswerJob } from '../../src/chat/answer-job.ts';
import { createAnswersStore } from '../../src/chat/answers.store.ts';
import { loadWorkerConfig } from '../../src/config.ts';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { allowModelTime } from '../../src/llm/model-time.ts';
import { createPlanJob } from '../../src/plans/plan-job.ts';
import type { PlansStore } from '../../src/plans/plans.store.ts';
import { sectionJob } from '../../src/plans/section-job.ts';
import { recorded } from '../llm/support/asking.ts';
import { converse } from '../support/conversation.ts';
import { profile } from '../support/profile.ts';
import { hasState, nextEvent } from '../support/settle.ts';
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

    model.behave(streams({ pieces: [JSON.stringify({ title: 'Anew', body: 'Other words.' })], usage }));
    const section = (await person.plan(planId)).sections[0]?.id;
    const { body } = await person.send<{ jobId: string }>('POST', `/plans/${planId}/regenerate`, { section });
    await person.watchToEnd(body.jobId);
    model.behave(streams({ pieces: ['Begin with the map.'], usage }));
    const { generator } = await (await converse(person)).answered('Where do I begin?');
    const shown = { provider: 'openai-compatible', model: 'gpt-6-luna', demo: false };
    t.strictSame(generator, shown);
    const plan = await person.plan(planId);
    t.strictSame(plan.generator, shown);
    t.match(plan.sections[0], { title: 'Anew', generator: null, previous: { generator: null } });
    const prompts = await stack.database.sql`
      select generator->>'prompt' as prompt from app.plans
      union all select generator->>'prompt' from app.plan_sections where title = 'Anew'
      union all select generator->>'prompt' from app.chat_messages where role = 'assistant'`;
    t.strictSame(
      prompts.map(({ prompt }) => prompt as string),
      ['plan.v1', 'section.v1', 'answer.v1'],
      'by which words it was asked for is known',
    );
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

void t.test(
  '41: five minutes are waited when a provider asks for them, and a longer wait is refused at once',
  async (t) => {
    const model = await createFakeModel(t);
    const stack = await createStack(t);
    const api = await stack.api();
    await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' });
    const person = await stack.person(api);
    await person.hasProfile();

    model.behave(refuses(429, { 'retry-after': '300' }, 'rate_limit_exceeded'));
    const waiting = await person.generate();
    const stream = person.watch(waiting.jobId);
    const told = await nextEvent(stream, ({ data }) => String(data['step']).includes('again'));
    t.match(told.data, { step: 'The language model is busy. Trying again in 300 s.' });
    await nextEvent(stream, hasState('queued'));
    t.match(await person.job(waiting.jobId), { state: 'queued', attempt: 1 });
    t.match(await person.plan(waiting.planId), { status: 'generating' });

    model.behave(refuses(429, { 'retry-after': '301' }, 'rate_limit_exceeded'));
    const refused = await person.generate();
    await person.watchToEnd(refused.jobId);
    t.match(await person.job(refused.jobId), {
      state: 'failed',
      attempt: 1,
      error: { code: 'provider-busy', detail: 'The language model is busy.' },
    });
    t.match(await person.plan(refused.planId), { status: 'failed' });
    t.equal(model.requests.length, 2, 'nobody asks again before the time');
  },
);

void t.test('a run that asks the model may take longer than the model, however long that is', async (t) => {
  const kinds = [createPlanJob({} as PlansStore), sectionJob, createAnswerJob(createAnswersStore())];
  const usual = loadWorkerConfig({ AUTH_URL: 'http://localhost', DATABASE_URL: 'postgres://localhost/x' });
  for (const { limits } of kinds) t.ok(limits.seconds > usual.LLM_TIMEOUT);
  const { limits } = allowModelTime(sectionJob, { LLM_TIMEOUT: 3600 });
  t.equal(limits.failures, sectionJob.limits.failures);
  t.ok(limits.seconds > 3600);
});

import { inspect } from 'node:util';
import t from 'tap';
import type { TokenUsage } from '../../src/llm/assistant.ts';
import { ModelError } from '../../src/llm/model-error.ts';
import { assistantFor, createListener, question, recorded, secrets, sectionRequest } from './support/asking.ts';

interface Answered {
  readonly content: string;
  readonly cited?: readonly number[];
  readonly usage?: Partial<TokenUsage>;
}

interface Failed {
  readonly code: string;
  readonly retry?: 'never' | { readonly after?: number };
  /** What the person reads. */
  readonly detail?: RegExp;
  /** Charged for nothing, by what the provider told, or by an estimate. */
  readonly charged?: 'nothing' | 'as told' | 'by estimate';
}

/** A new behaviour is a recording in `fixtures/` and a line here. */
const answers: Record<string, Answered | Failed> = {
  'whole-answer': {
    content: 'Begin with the map: it is where people look [1].',
    cited: [1],
    usage: { inputTokens: 1200, outputTokens: 300, cost: (1000 * 0.1 + 200 * 0.01 + 300 * 0.5) / 1e6 },
  },
  'usage-missing': { content: 'Begin with the map.', usage: { estimated: true, outputTokens: 5 } },
  'done-missing': { content: 'Begin with the map.', usage: { inputTokens: 1200 } },
  reasoning: { content: 'Begin with the map.', usage: { outputTokens: 300 } },
  'thinking-aloud': { content: 'Begin with the map.' },
  'unicode-split': { content: 'Fünf Plätze für 大阪 🍞!' },
  'windows-line-ends': { content: 'Begin with the map.' },
  'unknown-citations': { content: 'Reviews help, pictures [1][2][2] since [2024].', cited: [1, 2] },

  'finish-missing': { code: 'answer-broken-off', charged: 'by estimate' },
  'cut-stream': { code: 'answer-broken-off', charged: 'by estimate', detail: /broke off/ },
  'connection-reset': { code: 'answer-broken-off', charged: 'by estimate' },
  'reset-before-the-answer': { code: 'answer-broken-off', charged: 'by estimate' },
  'silence-after-headers': { code: 'provider-timeout', charged: 'by estimate', detail: /took too long/ },
  'silence-in-the-middle': { code: 'provider-timeout', charged: 'by estimate' },
  'slow-drip': { code: 'provider-timeout', charged: 'by estimate' },
  'keep-alives-only': { code: 'provider-timeout', charged: 'by estimate' },
  'endless-answer': { code: 'answer-unusable', detail: /did not come to an end/, charged: 'by estimate' },
  'endless-thinking': { code: 'answer-unusable', detail: /did not come to an end/, charged: 'by estimate' },
  length: { code: 'answer-too-long', retry: 'never', detail: /ran out of room/, charged: 'as told' },
  'content-filter': { code: 'answer-filtered', retry: 'never', detail: /content rules/, charged: 'as told' },
  refusal: { code: 'answer-filtered', retry: 'never', charged: 'as told' },
  'nothing-said': { code: 'answer-empty', charged: 'as told' },
  'garbage-sse': { code: 'answer-garbled', charged: 'by estimate' },
  'garbage-shape': { code: 'answer-garbled', charged: 'by estimate' },
  'noise-instead-of-events': { code: 'answer-broken-off', charged: 'by estimate' },
  'error-in-the-stream': { code: 'provider-failed', charged: 'by estimate' },
  'rate-limit-in-the-stream': { code: 'provider-busy' },
  'gateway-error-in-the-stream': { code: 'provider-busy' },
  'html-instead': { code: 'answer-garbled', detail: /Something other/ },
  'json-instead': { code: 'answer-garbled' },

  '429-seconds': { code: 'provider-busy', retry: { after: 7_000 }, charged: 'nothing' },
  '429-date': { code: 'provider-busy', retry: { after: 90_000 }, charged: 'nothing' },
  '429-milliseconds': { code: 'provider-busy', retry: { after: 250 }, charged: 'nothing' },
  '429-nonsense': { code: 'provider-busy', charged: 'nothing' },
  '429-quota': { code: 'provider-quota', retry: 'never', detail: /credit .* used up/, charged: 'nothing' },
  '402-balance': { code: 'provider-quota', retry: 'never', charged: 'nothing' },
  '500': { code: 'provider-failed', charged: 'nothing' },
  '502-html': { code: 'provider-failed', charged: 'nothing' },
  '503': { code: 'provider-failed', retry: { after: 20_000 }, charged: 'nothing' },
  '401': { code: 'provider-refused', retry: 'never', detail: /did not accept our key/, charged: 'nothing' },
  '404-model': { code: 'model-unknown', retry: 'never', charged: 'nothing' },
  '400': { code: 'provider-rejected', retry: 'never', charged: 'nothing' },
  '400-context': { code: 'question-too-long', retry: 'never', detail: /more text than/, charged: 'nothing' },
  '400-content-filter': { code: 'answer-filtered', retry: 'never', charged: 'nothing' },
  redirect: { code: 'provider-moved', retry: 'never', charged: 'nothing' },
};

/** For those who are waited for in vain; the others have all the time in the world, because the machine may be busy. */
const soon = { whole: 2_000, start: 400, pause: 200 };

for (const [name, expected] of Object.entries(answers)) {
  void t.test(`a provider’s behaviour: ${name}`, async (t) => {
    const late = 'code' in expected && expected.code === 'provider-timeout';
    const { assistant, model } = await assistantFor(t, late ? { patience: soon } : {});
    model.behave(await recorded(name));
    const listener = createListener<'answer'>();
    const asked = assistant.answer(question, listener.run);
    if ('content' in expected) {
      const { answer, usage } = await asked;
      t.equal(answer.content, expected.content);
      if (expected.cited) t.strictSame(answer.cited, expected.cited);
      if (expected.usage) t.match(usage, expected.usage);
      t.equal(usage.estimated, expected.usage?.estimated, 'says whether it is an estimate');
      t.equal(listener.streamed('answer'), answer.content, 'what was streamed is what is returned');
      t.same(listener.spent.at(-1), usage, 'what was spent is told to the end');
      t.ok(listener.spent.length > 2 && listener.spent.at(0)?.estimated, 'and from the beginning');
    } else {
      const error = await asked.then(
        () => t.fail('is no answer'),
        (error: unknown) => error,
      );
      if (!(error instanceof ModelError)) throw error;
      t.match(error, { code: expected.code, retry: expected.retry ?? {} });
      if (!expected.retry) t.not(error.retry, 'never', 'may be tried again');
      t.match(error.detail, expected.detail ?? /^The [\w ’]+\.|^This is|^Something/);
      t.match(error.usage, chargedAs(expected.charged));
      t.same(error.usage, listener.spent.at(-1));
      const everything = inspect(error, { depth: 12, showHidden: true }) + String(error.stack);
      for (const secret of [...Object.values(secrets), 'Begin with', '127.0.0.1'])
        t.notOk(everything.includes(secret), `${secret} is not in the error`);
    }
    t.equal(model.requests.length, 1, 'asked once');
  });
}

function chargedAs(how: Failed['charged']): object {
  switch (how) {
    case 'nothing':
      return { inputTokens: 0, outputTokens: 0, cost: 0 };
    case 'as told':
      return { inputTokens: 1200, estimated: undefined };
    case 'by estimate':
      return { inputTokens: /^[1-9]\d\d$/, estimated: true };
    default:
      return {};
  }
}

const sections: Record<string, { title: string; body: string } | Failed> = {
  section: { title: 'Reviews first', body: 'Ask every content customer on the same day.' },
  'section-fenced': { title: 'Reviews first', body: 'Ask every content customer on the same day.' },
  'section-garbage': { code: 'answer-unusable', charged: 'as told' },
  'section-another-shape': { code: 'answer-unusable', charged: 'as told' },
};

for (const [name, expected] of Object.entries(sections)) {
  void t.test(`a provider’s behaviour: ${name}`, async (t) => {
    const { assistant, model } = await assistantFor(t);
    model.behave(await recorded(name));
    const listener = createListener<string>();
    const asked = assistant.writeSection(sectionRequest, listener.run);
    if ('body' in expected) {
      t.strictSame((await asked).section, expected);
      t.equal(listener.streamed('seo'), expected.body);
    } else {
      await t.rejects(asked, { name: 'ModelError', code: expected.code, usage: { inputTokens: 2000 } });
    }
    t.match(model.requests[0], { response_format: { type: 'json_schema', json_schema: { name: 'plan_section' } } });
  });
}

void t.test('what an endpoint refuses is said in other words, from then on', async (t) => {
  const { assistant, model } = await assistantFor(t);
  model.behave(await recorded('400-format'), await recorded('400-limit-word'), await recorded('section'));
  for (const requests of [3, 4]) {
    const { section, usage } = await assistant.writeSection(sectionRequest, createListener().run);
    t.equal(section.title, 'Reviews first');
    t.match(usage, { inputTokens: 2000 });
    t.equal(model.requests.length, requests);
    t.match(model.requests.at(-1), { response_format: undefined, max_tokens: undefined, max_completion_tokens: 6_000 });
  }
  model.behave(await recorded('400-format'));
  await t.rejects(assistant.writeSection(sectionRequest, createListener().run), { code: 'provider-rejected' });
  t.equal(model.requests.length, 7, 'but not for ever');
});

void t.test('a run that is called off ends at once, with its own reason, and has told what it spent', async (t) => {
  const { assistant, model } = await assistantFor(t);
  model.behave(await recorded('silence-in-the-middle'));
  const stop = new AbortController();
  const listener = createListener<'answer'>(stop.signal);
  const heard = Promise.withResolvers<undefined>();
  const asked = assistant.answer(question, {
    ...listener.run,
    emit(event) {
      if (event.event === 'delta') heard.resolve(undefined);
    },
  });
  await heard.promise;
  const reason = new Error('called off');
  stop.abort(reason);
  t.equal(await asked.catch((error: unknown) => error), reason);
  t.match(listener.spent.at(-1), {
    estimated: true,
    inputTokens: Number,
    outputTokens: 5,
  });
});

void t.test('an answer that is given up is not read any further', async (t) => {
  const { assistant, model } = await assistantFor(t);
  const endless = await recorded('endless-answer');
  const closed = Promise.withResolvers<undefined>();
  model.behave((response, request) => {
    response.once('close', () => closed.resolve(undefined));
    return endless(response, request);
  });
  await t.rejects(assistant.answer(question, createListener<'answer'>().run), { code: 'answer-unusable' });
  await closed.promise;
});

void t.test('also one that comes steadily, but never to its end', async (t) => {
  const { assistant, model } = await assistantFor(t, { patience: { whole: 300, start: 60_000, pause: 60_000 } });
  model.behave(await recorded('steady-trickle'));
  await t.rejects(assistant.answer(question, createListener<'answer'>().run), { code: 'provider-timeout' });
});

void t.test('nobody there is called so', async (t) => {
  const { assistant } = await assistantFor(t, { baseUrl: 'http://127.0.0.1:1/v1' });
  await t.rejects(assistant.answer(question, createListener<'answer'>().run), {
    code: 'provider-unreachable',
    retry: {},
    usage: { inputTokens: 0 },
  });
});

void t.test('OpenAI’s newer models are told the limit in their own word', async (t) => {
  const { assistant, model } = await assistantFor(t, { provider: 'openai' });
  model.behave(await recorded('whole-answer'));
  await assistant.answer(question, createListener<'answer'>().run);
  t.match(model.requests[0], {
    model: 'gpt-6-luna',
    max_completion_tokens: 4_000,
    stream: true,
    stream_options: { include_usage: true },
  });
  t.notOk(model.requests[0] && 'tools' in model.requests[0], 'no tools');
});

import type { Job, Usage } from '@alva/validation';
import t from 'tap';
import { JobFailure } from '../../src/jobs/job-failure.ts';
import { askForEcho, createEchoes, echoes, echoWork, usageOf, type Say } from '../support/echo.ts';
import type { Person } from '../support/person.ts';
import { createGate, hasState, isDelta, nextEvent, untilShown } from '../support/settle.ts';
import { createStack, onEachStore, type Stack } from '../support/stack.ts';

const tokensOf = async (person: Person) => (await person.send<Usage>('GET', '/usage')).body.tokens;

const echoRow = async ({ database: { sql } }: Stack, jobId: string) =>
  (await sql`select state, text, times from app.echoes where job_id = ${jobId}`)[0];

const repeat: Say = async ({ payload, emit }) => {
  emit({ event: 'step', data: { step: 'Taking a breath', percent: 50 } });
  emit({ event: 'delta', data: { part: 'chorus', text: payload.text } });
  return { result: { text: payload.text }, usage: usageOf(30, 12) };
};

onEachStore(
  'a kind of job that jobs/ knows nothing of survives its worker, resumes, is charged once and has one result',
  async (t, stack) => {
    await createEchoes(stack);
    const api = await stack.api({ DAILY_TOKEN_BUDGET: '1000' }, echoes);
    const person = await stack.person(api);
    const key = { 'idempotency-key': 'only-one-echo' };
    const { jobId, echoId } = await askForEcho(person, { text: 'hello', tokens: 400 }, key);
    t.same(await askForEcho(person, { text: 'hello', tokens: 400 }, key), { jobId, echoId }, 'asked twice, done once');
    t.match(await tokensOf(person), { limit: 1000, used: 0, reserved: 400, remaining: 600 });

    const never = createGate();
    const stopping = await stack.worker(
      {},
      echoWork(async ({ emit, spent }) => {
        emit({ event: 'delta', data: { part: 'chorus', text: 'hel' } });
        spent(usageOf(20, 5));
        await never.passed;
        throw new Error('It was stopped before');
      }),
    );
    const stream = person.watch(jobId);
    const delta = await nextEvent(stream, isDelta);
    await Promise.all([stopping.stop(), nextEvent(stream, hasState('queued'))]);

    const { metrics } = await stack.worker({}, echoWork(repeat));
    const rest = await person.watchToEnd(jobId, delta.id);
    t.match(rest.slice(-2), [
      { event: 'result', data: { echoId } },
      { event: 'state', data: { state: 'succeeded', attempt: 2 } },
    ]);
    t.ok(rest.some(({ data }) => data['part'] === 'chorus' && data['text'] === 'hello'));
    t.match(await person.job(jobId), {
      type: 'echo.say',
      state: 'succeeded',
      usage: { inputTokens: 50, outputTokens: 17, cost: 1 },
    });
    t.match(await echoRow(stack, jobId), { state: 'said', text: 'hello', times: 1 });
    t.match(await tokensOf(person), { used: 67, reserved: 0, remaining: 933 }, 'both runs, each once');

    // Counted a moment after it is told.
    await untilShown(metrics, /^job_run_duration_seconds_count\{.*type="echo.say",outcome="succeeded".*\} 1$/m);
    const shown = await metrics.registry.metrics();
    t.match(shown, /^job_duration_seconds_count\{.*type="echo.say",outcome="succeeded".*\} 1$/m);
    t.match(shown, /^llm_tokens_total\{type="echo.say",direction="in".*\} 30$/m);
    t.match(shown, /^llm_cost_dollars_total\{type="echo.say".*\} 0.5$/m);
    t.match(shown, /^jobs_unfinished\{state="queued".*\} 0$/m);
    t.match(shown, /^job_queue_age_seconds\{.*\} 0$/m);
  },
);

onEachStore('it is called off while it waits and while it runs, and is charged what it had spent', async (t, stack) => {
  await createEchoes(stack);
  const api = await stack.api({}, echoes);
  const person = await stack.person(api);
  const waiting = await askForEcho(person);
  await person.send('DELETE', `/jobs/${waiting.jobId}`);
  t.match(await echoRow(stack, waiting.jobId), { state: 'cancelled', times: 0 });
  t.match(await tokensOf(person), { used: 0, reserved: 0 });

  let aborted: AbortSignal | undefined;
  const heard = createGate();
  await stack.worker(
    {},
    echoWork(async ({ signal, emit, spent }) => {
      aborted = signal;
      spent(usageOf(4, 0));
      emit({ event: 'delta', data: { part: 'chorus', text: 'h' } });
      await heard.passed;
      spent(usageOf(10, 1));
      emit({ event: 'delta', data: { part: 'chorus', text: 'e' } });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    }),
  );
  const running = await askForEcho(person);
  const stream = person.watch(running.jobId);
  await nextEvent(stream, isDelta);
  t.match(await person.job(running.jobId), { usage: { inputTokens: 4, outputTokens: 0, cost: 0.5 } });
  heard.open();
  await nextEvent(stream, isDelta);
  t.match(await person.job(running.jobId), {
    state: 'running',
    usage: { inputTokens: 10, outputTokens: 1, cost: 0.5 },
  });
  await person.send('DELETE', `/jobs/${running.jobId}`);
  await nextEvent(stream, hasState('cancelled'));
  while (!aborted?.aborted) await new Promise((resolve) => setImmediate(resolve));
  t.match(await echoRow(stack, running.jobId), { state: 'cancelled', times: 0 });
  t.match(await tokensOf(person), { used: 11, reserved: 0 });
});

onEachStore(
  'of a kind with a limit, so many are done at once in a process; the rest keeps its attempts',
  async (t, stack) => {
    await createEchoes(stack);
    const api = await stack.api({}, echoes);
    const person = await stack.person(api);
    const jobs = await Promise.all(Array.from({ length: 8 }, () => askForEcho(person)));
    const gate = createGate();
    let [atOnce, most] = [0, 0];
    const hold: Say = async (run) => {
      most = Math.max(most, ++atOnce);
      await gate.passed;
      atOnce--;
      return repeat(run);
    };
    await stack.worker({ WORKER_CONCURRENCY: '6' }, echoWork(hold, { seconds: 600, atOnce: 2 }));

    const other = await stack.person(api);
    await other.hasProfile();
    const { planId, jobId } = await other.generate();
    await other.watchToEnd(jobId);
    t.match(await other.plan(planId), { status: 'ready' }, 'another kind has the other places');
    const standing = async () => {
      const { body } = await person.send<{ items: Job[] }>('GET', '/jobs');
      return body.items.map(({ state, attempt }) => `${state} ${attempt}`).toSorted();
    };
    while ((await standing()).at(-2) !== 'running 1');
    t.strictSame(
      (await standing()).slice(0, 6),
      Array.from({ length: 6 }, () => 'queued 0'),
    );

    gate.open();
    await Promise.all(jobs.map(async (job) => person.watchToEnd(job.jobId)));
    for (const job of jobs) {
      t.match(await person.job(job.jobId), { state: 'succeeded', attempt: 1 });
      t.match(await echoRow(stack, job.jobId), { state: 'said', times: 1 });
    }
    t.equal(most, 2);
  },
);

void t.test('its limits hold: time, tokens, failures, and the form of its result', async (t) => {
  const stack = await createStack(t);
  await createEchoes(stack);
  const api = await stack.api({}, echoes);
  const person = await stack.person(api);
  const said: Record<string, Say> = {
    'too long': async () => new Promise(() => undefined),
    'too much': async ({ spent }) => {
      spent(usageOf(90, 11));
      return new Promise(() => undefined);
    },
    'nearly too much': async ({ spent }) => {
      spent(usageOf(90, 10));
      return { result: { text: 'done' }, usage: usageOf(90, 30) };
    },
    'once more': async ({ attempt, spent }) => {
      spent(usageOf(80, 0));
      if (attempt === 1) throw new JobFailure({ code: 'provider-failed', detail: 'It broke off.', retry: {} });
      return { result: { text: 'done' }, usage: usageOf(80, 15) };
    },
    senseless: async () => ({ result: { text: 4 as unknown as string }, usage: usageOf(1, 1) }),
  };
  const timing = { retry: 1 };
  const { metrics } = await stack.worker(
    {},
    { timing, ...echoWork(async (run) => (said[run.payload.text] ?? repeat)(run)) },
  );
  const outcome = async (text: string) => {
    const { jobId } = await askForEcho(person, { text });
    await person.watchToEnd(jobId);
    return { ...(await person.job(jobId)), echo: await echoRow(stack, jobId) };
  };

  const [long, much, nearly, again, senseless] = await Promise.all(Object.keys(said).map(outcome));
  t.match(long, {
    state: 'failed',
    attempt: 2,
    error: { code: 'took-too-long', detail: 'This was not done within 2 seconds.' },
    echo: { state: 'failed' },
  });
  t.match(much, { state: 'failed', attempt: 1, error: { code: 'took-too-much' }, usage: { inputTokens: 90 } });
  t.match(nearly, { state: 'succeeded', usage: { outputTokens: 30 } }, 'what is there is kept, and charged');
  t.match(again, { state: 'succeeded', attempt: 2, usage: { inputTokens: 160 } }, 'a retry has what one run may cost');
  t.match(senseless, { state: 'failed', attempt: 2, error: { code: 'internal-error' }, echo: { text: null } });
  t.match(await tokensOf(person), { used: 101 + 120 + 175 + 4, reserved: 0 });

  const shown = await metrics.registry.metrics();
  const failures = [
    ['took-too-long', 'tried-again', 1],
    ['took-too-long', 'job-failed', 1],
    ['took-too-much', 'job-failed', 1],
    ['provider-failed', 'tried-again', 1],
    ['provider-failed', 'job-failed', 0],
    ['internal-error', 'job-failed', 1],
    ['provider-quota', 'job-failed', 0],
    ['other', 'job-failed', 0],
  ] as const;
  for (const [code, then, times] of failures)
    t.match(
      shown,
      new RegExp(`^job_failures_total\\{.*code="${code}",then="${then}".*\\} ${times}$`, 'm'),
      `${code}, ${then}`,
    );
});

void t.test('counts that nothing could cost end a job as any other, and what can be written of them is', async (t) => {
  const stack = await createStack(t);
  await createEchoes(stack);
  const api = await stack.api({}, echoes);
  const person = await stack.person(api);
  const absurd = { inputTokens: 3e9, outputTokens: Infinity, cost: Infinity };
  const reports: Say = async ({ spent }) => {
    spent(absurd);
    return new Promise(() => undefined);
  };
  const answers: Say = async () => ({ result: { text: 'done' }, usage: absurd });
  await stack.worker(
    {},
    echoWork(async (run) => (run.payload.text === 'reports' ? reports : answers)(run)),
  );
  const [reported, answered] = await Promise.all([
    askForEcho(person, { text: 'reports' }),
    askForEcho(person, { text: 'answers' }),
  ]);
  const usage = { inputTokens: 50_000_000, outputTokens: 50_000_000, cost: 10_000 };
  await person.watchToEnd(reported.jobId);
  t.match(await person.job(reported.jobId), { state: 'failed', attempt: 1, error: { code: 'took-too-much' }, usage });
  await person.watchToEnd(answered.jobId);
  t.match(await person.job(answered.jobId), { state: 'succeeded', attempt: 1, usage });
  t.match(await tokensOf(person), { used: 200_000_000, reserved: 0 });
});

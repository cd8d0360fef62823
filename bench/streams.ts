import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startJobServices, type JobServices } from './support/job-services.ts';
import { withCleanup } from './support/services.ts';
import { median, quantile } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';
import { watch, type Watched } from './support/watch.ts';

const megabyte = 2 ** 20;
const looks = 5;

/**
 * So many event streams on one api process, half of them of jobs that wait in line and half of jobs that run: what they cost
 * while nothing happens, and how long it takes until all have heard of something that happens in every job at once.
 */
export async function measureStreams(extent: { streams: number; seconds: number; rounds: number }): Promise<void> {
  const { streams, seconds, rounds } = extent;
  await withCleanup(async (cleanup) => {
    const services = await startJobServices(cleanup, 'postgres');
    const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
    cleanup.teardown(async () => agent.destroy());
    // What is loaded and compiled once belongs to no stream.
    const warm = await openStreams(services, agent, 1);
    await say(services, warm);
    for (const stream of warm) stream.watched.close();
    await delay(3_000);

    const idle = await observe(services, seconds, 'streams: idle');
    progress('streams: opening');
    const opening = performance.now();
    const open = await openStreams(services, agent, streams);
    const openedIn = performance.now() - opening;
    await delay(5_000);
    const holding = await observe(services, seconds, `streams: ${streams} open`);
    const latencies: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`streams: round ${round} of ${rounds}`);
      const heard = await say(services, open);
      if (round > 0) latencies.push(...heard);
    }
    const after = await observe(services, seconds, 'streams: after the rounds');
    progress('');
    const row = (name: string, { resident, heap, cpu }: Observed) => [
      name,
      (resident / megabyte).toFixed(0),
      ((resident - idle.resident) / megabyte).toFixed(0),
      (heap / megabyte).toFixed(0),
      `${cpu.toFixed(1)} %`,
    ];
    printTable(
      `${streams} event streams on one api, watched for ${seconds} s`,
      ['', 'resident MB', 'above idle', 'heap MB', 'of a core'],
      [row('no stream', idle), row(`${streams} open, nothing happens`, holding), row(`after ${rounds} rounds`, after)],
    );
    process.stdout.write(
      `\n  opened in ${openedIn.toFixed(0)} ms; an event in each of the ${streams} jobs at once was read after ` +
        `${[0.5, 0.99, 1].map((share) => quantile(latencies, share).toFixed(0)).join(' / ')} ms (p50 / p99 / slowest)\n`,
    );
    for (const { watched } of open) watched.close();
  });
}

interface OpenStream {
  readonly jobId: string;
  readonly watched: Watched;
  /** When the newest event was read, and its number. */
  newest: { at: number; seq: number };
}

async function openStreams({ database, url, signIn }: JobServices, agent: Agent, count: number) {
  const people = await Promise.all(Array.from({ length: count }, () => signIn()));
  const rows = await database.sql<{ id: string; owner: string }[]>`
    with jobs as (
      insert into app.jobs (id, user_id, type, payload, state, attempt, last_seq, heartbeat_at, enqueued_at)
      select gen_random_uuid(), p.sub::uuid, 'plan.generate', '{}',
        case when n % 2 = 0 then 'queued' else 'running' end, n % 2, 1, now(), now()
      from unnest(${people.map(({ sub }) => sub)}::text[]) with ordinality as p(sub, n)
      returning id, user_id, state, attempt
    ), events as (
      insert into app.job_events (job_id, seq, event, data)
      select id, 1, 'state', jsonb_build_object('state', state, 'attempt', attempt) from jobs
    )
    select id, user_id as owner from jobs`;
  const headersOf = new Map(people.map(({ sub, headers }) => [sub, headers]));
  const streams: OpenStream[] = [];
  async function open() {
    for (let row = rows.pop(); row; row = rows.pop()) streams.push(await openOne(row));
  }
  async function openOne({ id, owner }: { id: string; owner: string }): Promise<OpenStream> {
    const stream = {
      jobId: id,
      newest: { at: 0, seq: 0 },
      watched: watch(`${url}/jobs/${id}/events`, {
        headers: headersOf.get(owner) ?? {},
        agent,
        onEvent(event) {
          const [, seq] = /^id: (\d+)$/m.exec(event) ?? [];
          if (seq !== undefined) stream.newest = { at: performance.now(), seq: Number(seq) };
        },
      }),
    };
    await stream.watched.opened;
    return stream;
  }
  await Promise.all(Array.from({ length: 32 }, open));
  return streams;
}

/** One event in each job, committed and announced at once; answers with how long each stream took to bring it. */
async function say({ database }: JobServices, streams: readonly OpenStream[]): Promise<number[]> {
  const jobIds = streams.map(({ jobId }) => jobId);
  const before = new Map(streams.map(({ jobId, newest }) => [jobId, newest.seq]));
  // The statement's own time is the writer's; what counts begins where it can first be known.
  await database.sql`
    with job as (
      update app.jobs set last_seq = last_seq + 1 where id = any (${jobIds}::uuid[]) returning id, last_seq
    ), event as (
      insert into app.job_events (job_id, seq, event, data)
      select id, last_seq, 'delta', jsonb_build_object('part', 'summary', 'text', repeat('word ', 20)) from job
    )
    select pg_notify('alva_topics', format('jobs.%s {"seq":%s}', id, last_seq)) from job`;
  const committed = performance.now();
  while (streams.some(({ jobId, newest }) => newest.seq <= (before.get(jobId) ?? 0))) await delay(5);
  return streams.map(({ newest }) => Math.max(0, newest.at - committed));
}

interface Observed {
  /** Bytes: the median of what was resident, and the least that the heap held, which is what is left after a collection. */
  readonly resident: number;
  readonly heap: number;
  /** Per cent of one core. */
  readonly cpu: number;
}

async function observe({ api }: JobServices, seconds: number, what: string): Promise<Observed> {
  const resident: number[] = [];
  const heap: number[] = [];
  const before = await api.cpu();
  const start = performance.now();
  for (let look = 0; look < looks; look++) {
    progress(`${what}, look ${look + 1} of ${looks}`);
    // Reading the metrics is work too.
    await delay((seconds / looks) * 1_000);
    const page = await (await fetch(`${api.addresses.at(-1)}/metrics`)).text();
    const read = (name: string) => Number(new RegExp(`^${name}(?:{.*?})? (.+)$`, 'm').exec(page)?.[1]);
    resident.push(read('process_resident_memory_bytes'));
    heap.push(read('nodejs_heap_size_used_bytes'));
  }
  const cpu = ((await api.cpu()) - before) / 10 / (performance.now() - start);
  return { resident: median(resident), heap: Math.min(...heap), cpu };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { accept, isBeingWritten, proveSettled, roomy, slowModel, type Accepted } from './support/faults.ts';
import { createStack, onEachStore, type Stack, type Variables } from './support/stack.ts';

/** Postgres says of every write to these tables what it says when its disk is full, and counts how often. */
async function fillDisk({ database: { sql } }: Stack, tables: readonly string[]) {
  await sql.unsafe(`
    create sequence if not exists public.refused;
    grant usage on sequence public.refused to public;
    create or replace function public.full() returns trigger language plpgsql as $$
    begin
      perform nextval('public.refused');
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    select setval('public.refused', 1);
    ${tables.map((table) => `create trigger disk_is_full before insert or update or delete on ${table} execute function full();`).join('\n')}`);
  return {
    async refusals(): Promise<number> {
      const [row] = await sql<{ refusals: number }[]>`select last_value::int - 1 as refusals from public.refused`;
      return row?.refusals ?? 0;
    },
    async free() {
      await sql.unsafe(tables.map((table) => `drop trigger disk_is_full on ${table}`).join(';'));
    },
  };
}

async function tablesOf({ database: { sql } }: Stack, ...schemas: string[]): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ${sql(schemas)} and tablename <> 'migration'`;
  return rows.map(({ name }) => name);
}

t.test(
  '41: the disk is full where a request writes: a clear error, nothing half-written, and on it goes',
  async (t) => {
    const stack = await createStack(t);
    const person = await stack.person(await stack.api());
    await person.hasProfile();
    const rows = () => stack.database.sql`
    select (select count(*)::int from app.jobs) as jobs, (select count(*)::int from app.plans) as plans,
      (select count(*)::int from app.job_events) as events, (select count(*)::int from app.idempotency_keys) as keys,
      (select sum(tokens_reserved)::int from app.usage_days) as reserved`;
    for (const table of ['idempotency_keys', 'jobs', 'job_events', 'plans', 'usage_days']) {
      const before = await rows();
      const disk = await fillDisk(stack, [`app.${table}`]);
      const key = { 'idempotency-key': randomUUID() };
      const refused = await person.send('POST', '/plans/generate', {}, key);
      t.match(refused, { status: 503, body: { code: 'service-unavailable' } }, table);
      t.match(refused.headers.get('retry-after'), /^\d+$/);
      t.same(await rows(), before, 'everything is as it was');
      t.equal((await person.send('GET', '/plans')).status, 200, 'what is there can be read');
      await disk.free();
      t.equal((await person.send('POST', '/plans/generate', {}, key)).status, 202);
    }
  },
);

onEachStore(
  '41: the disk is full while plans are written: nothing is half-written, and all are done',
  async (t, stack) => {
    const api = await stack.api(roomy);
    await stack.worker({ ...(await slowModel(t)), WORKER_CONCURRENCY: '2' });
    const person = await stack.person(api);
    await person.hasProfile();
    const everything = await tablesOf(stack, 'app', 'queue');
    const all: Accepted[] = [];
    for (const tables of [['app.job_events'], ['app.tasks'], ['app.usage_days'], ['app.jobs'], everything]) {
      const round = [await accept(() => person), await accept(() => person), await accept(() => person)];
      all.push(...round);
      await Promise.race(round.map(isBeingWritten));
      const disk = await fillDisk(stack, tables);
      // Runs come to where they write there, and try again.
      while ((await disk.refusals()) < 6) await delay(50);
      const halves = await stack.database.sql`
      select p.id from app.plans p join app.jobs j on j.id = p.job_id
      where (p.status = 'ready') <> (j.state = 'succeeded')
        or (p.status = 'ready') <> exists (select from app.tasks where plan_id = p.id)
        or (p.status = 'ready') <> exists (select from app.job_events e where e.job_id = j.id and e.event = 'result')`;
      t.same(halves, [], 'plans are there whole or not at all');
      await disk.free();
    }
    await proveSettled(t, stack, person, all);
  },
);

onEachStore(
  '41: Postgres takes no writes, as after a failover: reads are answered, and all are done',
  async (t, stack) => {
    const api = await stack.api(roomy);
    await stack.worker({ ...(await slowModel(t)), WORKER_CONCURRENCY: '2' });
    const person = await stack.person(api);
    await person.hasProfile();
    const { sql } = stack.database;
    const become = (mode: 'on' | 'off') =>
      sql.unsafe(`
      do $$ begin execute format('alter database %I set default_transaction_read_only = ${mode}', current_database()); end $$;
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'postgres.js'`);
    const all = [await accept(() => person), await accept(() => person), await accept(() => person)];
    await Promise.race(all.map(isBeingWritten));
    await become('on');
    while ((await person.send('GET', '/plans')).status !== 200) await delay(20);
    const refused = await person.send('POST', '/plans/generate', {});
    t.match(refused, { status: 503, body: { code: 'service-unavailable' } });
    t.match(refused.headers.get('retry-after'), /^\d+$/);
    await become('off');
    while ((await person.send('GET', '/plans')).status !== 200) await delay(20);
    all.push(await accept(() => person));
    await proveSettled(t, stack, person, all);
  },
);

/** For a process whose clock is wrong by so much. */
function clockOff(milliseconds: number): Variables {
  const code = `
    const { now } = Date;
    Date.now = () => now() + ${milliseconds};
    globalThis.Date = class extends Date {
      constructor(...time) {
        super(...(time.length > 0 ? time : [Date.now()]));
      }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

onEachStore(
  '41: clocks of two copies 60 s apart: a token from the future is refused as such, and work is done once',
  async (t, stack) => {
    const ahead = clockOff(60_000);
    const api = await stack.api(roomy);
    const model = await slowModel(t);
    // To the worker that is ahead, what the other works on looks abandoned.
    await stack.workerProcess({ ...model, ...ahead, WORKER_CONCURRENCY: '2' });
    const early = await stack.apiProcess({ ...roomy, ...ahead });
    while ((await fetch(`${early.url}/readyz`)).status !== 200) await delay(20);
    const person = await stack.person(api);
    await person.hasProfile();
    const issuedAt = Math.floor(Date.now() / 1000) + 60;
    const fromTheFuture = await stack.person(api, { iat: issuedAt, exp: issuedAt + 900, auth_time: issuedAt });
    t.match(await fromTheFuture.send('GET', '/plans'), { status: 401, body: { code: 'invalid-token' } });
    t.equal((await fromTheFuture.at(early.url).send('GET', '/plans')).status, 200);

    await stack.worker({ ...model, WORKER_CONCURRENCY: '2' });
    const all: Accepted[] = [];
    for (let count = 0; count < 14; count++) {
      const where = count % 2 ? person : person.at(early.url);
      all.push(await accept(() => where));
    }
    await proveSettled(t, stack, person, all);
  },
);

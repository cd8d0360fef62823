import { randomUUID } from 'node:crypto';
import { type AuditRecord } from '@alva/validation';
import t from 'tap';
import { type AuditFilter, listStatement } from '../../src/audit/audit.sql.ts';
import { openAdmin, openBearer } from '../support/admin.ts';
import { startAuth } from '../support/auth.ts';
import { signIn } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const admin = await openAdmin(auth);

interface List {
  readonly items: AuditRecord[];
  readonly nextCursor: string | null;
}

async function list(query: Record<string, string> | [string, string][]): Promise<List> {
  const answer = await admin.get(`/admin/audit?${new URLSearchParams(query).toString()}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json as List;
}

const eventsOf = ({ items }: List) => items.map(({ event }) => event);

t.test('the trail names people as they are now, and who did it where that is somebody else', async (t) => {
  const person = await openBearer(auth);
  await sql`update auth.users set name = 'Ada' where id = ${person.id}`;
  await admin.send(
    'PATCH',
    `/admin/users/${person.id}`,
    { disabled: true },
    { 'x-request-id': 'because-of-ticket-17' },
  );
  const { items } = await list({ userId: person.id });
  const user = { id: person.id, email: person.email, name: 'Ada' };
  const actor = { id: admin.id, email: admin.email, name: null };
  const common = { address: '127.0.0.1', requestId: 'because-of-ticket-17', at: /^\d{4}-.*Z$/ };
  t.match(items, [
    { event: 'session-revoked', user, actor, sessionId: String, ...common },
    { event: 'account-disabled', user, actor, sessionId: null, ...common },
    { event: 'signed-in', user, actor: null },
    { event: 'account-created', user, actor: null },
  ]);
  await sql`delete from auth.users where id = ${person.id}`;
  t.match((await list({ userId: person.id })).items[0]?.user, { id: person.id, email: null, name: null });
});

t.test('every filter narrows, and all of them together', async (t) => {
  const { tokens } = await signIn(auth);
  const userId = tokens.user.id;
  const claims = JSON.parse(Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
    sid: string;
  };
  t.strictSame(eventsOf(await list({ userId })), ['signed-in', 'account-created']);
  t.strictSame(eventsOf(await list({ sessionId: claims.sid })), ['signed-in']);
  t.strictSame(eventsOf(await list({ userId, event: 'account-created' })), ['account-created']);
  const both = ['signed-in', 'account-created'];
  t.strictSame(eventsOf(await list({ userId, event: both.join(',') })), both);
  const repeated = both.map((event): [string, string] => ['event', event]);
  t.strictSame(eventsOf(await list([['userId', userId], ...repeated])), both);
  t.ok((await list({ actorId: admin.id })).items.every(({ actor }) => actor?.id === admin.id));

  const before = new Date(Date.now() - 60_000).toISOString();
  const after = new Date(Date.now() + 60_000).toISOString();
  const everything = { userId, sessionId: claims.sid, event: 'signed-in', from: before, to: after };
  t.strictSame(eventsOf(await list(everything)), ['signed-in']);
  t.strictSame(eventsOf(await list({ ...everything, to: before })), []);
  t.strictSame(eventsOf(await list({ ...everything, from: after })), []);
});

t.test('moments are taken exactly: not before the one, before the other', async (t) => {
  const userId = randomUUID();
  await sql`insert into auth.audit_events (event, user_id, at) values
    ('signed-in', ${userId}, '2026-01-02T03:04:05.677999Z'), ('signed-out', ${userId}, '2026-01-02T03:04:05.678Z')`;
  t.strictSame(eventsOf(await list({ userId, from: '2026-01-02T03:04:05.678Z' })), ['signed-out']);
  t.strictSame(eventsOf(await list({ userId, to: '2026-01-02T03:04:05.678Z' })), ['signed-in']);
});

t.test('pages neither repeat nor leave out, also of one moment, while the trail grows', async (t) => {
  const userId = randomUUID();
  await sql`insert into auth.audit_events (event, user_id, at, detail)
    select 'signed-in', ${userId}, timestamptz '2026-02-03T04:05:06.123456Z' + (n / 5) * interval '1 microsecond',
      json_build_object('n', n)::jsonb
    from generate_series(1, 57) n`;
  const seen: number[] = [];
  let cursor: Record<string, string> = {};
  for (;;) {
    const { items, nextCursor } = await list({ userId, limit: '10', ...cursor });
    seen.push(...items.map(({ detail }) => Number(detail['n'])));
    await sql`insert into auth.audit_events (event, user_id) values ('signed-out', ${userId})`;
    if (nextCursor === null) break;
    cursor = { cursor: nextCursor };
  }
  t.strictSame(
    seen,
    Array.from({ length: 57 }, (_, index) => 57 - index),
  );
});

t.test('what cannot be asked is 422, a mangled cursor too', async (t) => {
  const { nextCursor } = await list({ limit: '1' });
  const good = nextCursor ?? '';
  const encode = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
  const cursors = [
    'x',
    '%00',
    `${good}A`,
    good.slice(0, -1),
    `${good}=`,
    encode(['0000000000000000000000', 1]),
    encode(['1', 1.5]),
    encode(['1', '1']),
    encode(['1; drop table', 1]),
    encode(['1', 1, 1]),
    encode([1, 1]),
    encode({ a: 1 }),
    Buffer.from(' ["1",1]').toString('base64url'),
  ];
  const queries = [
    ...cursors.map((cursor) => ({ cursor })),
    { limit: '0' },
    { limit: '101' },
    { userId: 'x' },
    { event: 'everything' },
    { event: '' },
    { event: 'signed-in,' },
    { from: 'yesterday' },
    { to: '2026-02-30T00:00:00Z' },
    { user: admin.id },
  ];
  for (const query of queries) {
    const asked = new URLSearchParams(query as Record<string, string>).toString();
    t.match(await admin.get(`/admin/audit?${asked}`), { status: 422, json: { code: 'validation-failed' } }, asked);
  }
  t.equal((await list({ limit: '1', cursor: good })).items.length, 1);
  t.equal((await list({ from: '0000-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z', limit: '1' })).items.length, 1);
});

t.test('every filter reads an index in the order of the list, however long the trail is', async (t) => {
  await sql`insert into auth.audit_events (event, user_id, actor_id, session_id, at)
    select (array['signed-in', 'signed-out', 'link-sent'])[1 + n % 3], md5((n % 1000)::text)::uuid,
      case when n % 50 = 0 then md5((n % 7)::text)::uuid end, md5(n::text)::uuid, now() - n * interval '1 minute'
    from generate_series(1, 50000) n`;
  await sql`analyze auth.audit_events`;
  const someone = randomUUID();
  const moment = Date.now() - 20_000 * 60_000;
  const filters: Record<string, AuditFilter> = {
    'no filter': {},
    'a person': { userId: someone },
    'an actor': { actorId: someone },
    'a session': { sessionId: someone },
    'an event': { events: ['signed-in'] },
    'a rare event': { events: ['roles-changed'] },
    'several events': { events: ['signed-in', 'roles-changed'] },
    'a time': { from: moment - 3_600_000, to: moment },
    'everything before': { to: moment },
    'a person and an event': { userId: someone, events: ['signed-in'] },
  };
  for (const [name, filter] of Object.entries(filters)) {
    for (const before of [undefined, [String(moment * 1000), 20_000] as [string, number]]) {
      for (const mode of ['force_custom_plan', 'force_generic_plan']) {
        const { text, parameters } = listStatement(filter, { limit: 21, before });
        const plan = await sql.begin(async (inside) => {
          await inside.unsafe(`set local plan_cache_mode = ${mode}`);
          const [row] = await inside.unsafe(`explain (format json) ${text}`, parameters as string[]);
          return JSON.stringify(row);
        });
        const at = `${name}, ${before ? 'later page' : 'first page'}, ${mode}`;
        t.notMatch(plan, /"Seq Scan"[^}]*"Relation Name":"audit_events"/, at);
        t.match(plan, /audit_events_(at|user_id|actor_id|session_id|event)_index/, at);
      }
    }
  }
});

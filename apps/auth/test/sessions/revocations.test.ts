import { openTcpProxy, readEventStream, type ReceivedEvent } from '@alva/testing';
import { revocationList, type RevocationList } from '@alva/validation';
import t, { type Test } from 'tap';
import { startAuth, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { openSession, refresh, signOut, successorIn } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });

const endReuse = async () => {
  const session = await openSession(auth);
  const second = successorIn(await refresh(auth.url, session.token));
  await refresh(auth.url, second);
  await letTimePass(auth.database, '11 seconds');
  await refresh(auth.url, session.token);
  return session;
};

async function listed({ url }: Auth = auth, query = ''): Promise<RevocationList> {
  const { status, json, text } = await ask(`${url}/auth/revocations${query}`);
  if (status !== 200) throw new Error(`No list: ${status} ${text}`);
  return revocationList.parse(json);
}

t.test('a session is listed from the moment its end was answered until its last token has expired', async (t) => {
  const open = await openSession(auth);
  const left = await openSession(auth);
  await signOut(auth.url, left.token);
  const { window, sessions } = await listed(copy);
  t.equal(window, 900 + 90, 'the access token’s lifetime, and what clocks may differ');
  t.match(
    sessions.filter(({ sid }) => sid === left.sessionId),
    [{ reason: 'signed-out', endedAt: /Z$/ }],
  );
  t.notOk(sessions.some(({ sid }) => sid === open.sessionId));
  await letTimePass(auth.database, '989 seconds');
  t.ok((await listed()).sessions.some(({ sid }) => sid === left.sessionId));
  await letTimePass(auth.database, '2 seconds');
  t.notOk((await listed()).sessions.some(({ sid }) => sid === left.sessionId));
});

t.test('an end for cause says so, and no more than that', async (t) => {
  const { sessionId } = await endReuse();
  const entry = (await listed()).sessions.find(({ sid }) => sid === sessionId);
  t.match(entry, { reason: 'revoked' });
  t.strictSame(Object.keys(entry ?? {}).sort(), ['endedAt', 'reason', 'sid']);
});

t.test('an unchanged list is 304 for whoever knows it, a changed one is not', async (t) => {
  const first = await ask(`${auth.url}/auth/revocations`);
  const etag = first.headers.etag ?? '';
  t.match(etag, /^"[\w-]{22}"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await ask(`${copy.url}/auth/revocations`, { headers: { 'if-none-match': known } });
    t.equal(again.status, 304, known);
    t.equal(again.text, '');
    t.equal(again.headers.etag, etag);
  }
  await signOut(auth.url, (await openSession(auth)).token);
  const changed = await ask(`${copy.url}/auth/revocations`, { headers: { 'if-none-match': etag } });
  t.equal(changed.status, 200);
  t.not(changed.headers.etag, etag);
});

t.test('since reaches further back than the window, or only as far as asked', async (t) => {
  const early = await openSession(auth);
  await signOut(auth.url, early.token);
  await letTimePass(auth.database, '2 hours');
  const late = await openSession(auth);
  await signOut(auth.url, late.token);
  const at = (ms: number) => `?since=${new Date(Date.now() + ms).toISOString()}`;
  const back = (await listed(auth, at(-3 * 3_600_000))).sessions.map(({ sid }) => sid);
  t.ok(back.includes(early.sessionId) && back.includes(late.sessionId));
  t.strictSame(
    back.filter((sid) => [early.sessionId, late.sessionId].includes(sid)),
    [early.sessionId, late.sessionId],
    'oldest first',
  );
  const recent = (await listed(auth, at(-60_000))).sessions.map(({ sid }) => sid);
  t.ok(recent.includes(late.sessionId) && !recent.includes(early.sessionId));
  t.equal((await ask(`${auth.url}/auth/revocations?since=0000-01-01T00:00:00Z`)).status, 200, 'the earliest there is');
  for (const query of ['?since=yesterday', '?since=', '?until=2026-01-01T00:00:00Z', '?since=now()'])
    t.equal((await ask(`${auth.url}/auth/revocations${query}`)).status, 422, query);
});

t.test('whoever follows hears of each end within a second, on every copy', async (t) => {
  const streams = await Promise.all([auth, copy].map((service) => follow(t, service)));
  for (const { next } of streams) t.equal((await next()).event, 'revocations');
  const took: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { token, sessionId } = await openSession(auth);
    const from = performance.now();
    const heard = streams.map(async ({ next }) => {
      const event = await next();
      took.push(performance.now() - from);
      return event;
    });
    await signOut(round % 2 ? auth.url : copy.url, token);
    for (const event of await Promise.all(heard))
      t.match(event, { event: 'revoked', data: { sid: sessionId, reason: 'signed-out', endedAt: /Z$/ } });
  }
  took.sort((a, b) => a - b);
  t.ok((took.at(-1) ?? Infinity) < 1000);
  t.comment(`sign-out to the event: median ${took[20]?.toFixed(1)} ms, slowest ${took.at(-1)?.toFixed(1)} ms`);
});

t.test('what ended while the messages could not be heard is told after the gap', async (t) => {
  const line = await openTcpProxy(t, auth.database.url);
  const cutOff = await startAuth(t, { database: { ...auth.database, url: line.url } });
  const { next } = await follow(t, cutOff);
  await next();
  line.cut();
  const { token, sessionId } = await openSession(auth);
  await signOut(auth.url, token);
  line.restore();
  const { event, data } = await next();
  t.equal(event, 'revocations');
  t.ok(revocationList.parse(data).sessions.some(({ sid }) => sid === sessionId));
});

t.test('streams are bounded by address, and end with the service so that it can stop', async (t) => {
  const service = await startAuth(t, { database: auth.database });
  const streams = [];
  for (let index = 0; index < 64; index++) streams.push(await follow(t, service));
  t.match(await ask(`${service.url}/auth/revocations/events`), {
    status: 429,
    headers: { 'retry-after': '30' },
    json: { code: 'rate-limited' },
  });
  const rest = streams.map(async ({ events }) => {
    let count = 0;
    for await (const _event of events) count++;
    return count;
  });
  await service.stop();
  t.strictSame(new Set(await Promise.all(rest)), new Set([1]), 'each had the list, and then its end');
});

async function follow(t: Test, { url }: Auth) {
  const abort = new AbortController();
  t.teardown(() => abort.abort());
  const response = await fetch(`${url}/auth/revocations/events`, { signal: abort.signal });
  t.equal(response.status, 200);
  t.match(response.headers.get('content-type'), 'text/event-stream');
  t.match(response.headers.get('cache-control'), 'no-transform');
  if (!response.body) throw new Error('The stream has no body');
  const events = readEventStream(response.body);
  const next = async (): Promise<ReceivedEvent> => {
    const { value } = await events.next();
    if (!value) throw new Error('The stream has ended');
    return value;
  };
  return { events, next };
}

import { openTcpProxy, readEventStream, type ReceivedEvent } from '@alva/testing';
import { revocationList, type RevocationList } from '@alva/validation';
import t, { type Test } from 'tap';
import { createRevocations } from '../../src/sessions/revocations.service.ts';
import { shareReads } from '../../src/sessions/shared-read.ts';
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

t.test('a session that ends is listed when a token or a young job of it may be left, and else not', async (t) => {
  const idle = await openSession(auth);
  const retrying = await openSession(auth);
  const renewing = await openSession(auth);
  await refresh(auth.url, retrying.token);
  await letTimePass(auth.database, '33 minutes 1 second');
  // An answer that was lost long ago is given again, with a new access token.
  t.equal((await refresh(auth.url, retrying.token)).status, 200);
  t.equal((await refresh(auth.url, renewing.token)).status, 200);
  for (const { token } of [idle, retrying, renewing]) await signOut(auth.url, token);
  const isListed = async ({ sessionId }: { sessionId: string }) =>
    (await listed()).sessions.some(({ sid }) => sid === sessionId);
  t.notOk(await isListed(idle));
  t.ok(await isListed(retrying));
  t.ok(await isListed(renewing));
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
  t.match(etag, /^"990-[\da-f]{32}"$/);
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

t.test('an unchanged list is not written anew, and every change makes it another', async (t) => {
  const { stores, queues } = auth.resources;
  const { published } = createRevocations({
    store: stores.revocations,
    topics: queues.topics,
    tokenLifetime: auth.config.ACCESS_TOKEN_TTL,
  });
  const first = await published();
  t.equal((await published()).body, first.body, 'the same buffer');
  const { token, sessionId } = await openSession(auth);
  await signOut(auth.url, token);
  const second = await published();
  t.not(second.etag, first.etag);
  const { sessions } = revocationList.parse(JSON.parse(second.body.toString()));
  t.ok(sessions.some(({ sid }) => sid === sessionId));
});

t.test(
  'a session that ended before others and was committed after them is listed, also when another falls out',
  async (t) => {
    const [oldest, early, middle, latest] = await Promise.all(Array.from({ length: 4 }, () => openSession(auth)));
    if (!oldest || !early || !middle || !latest) throw new Error('Not all were opened');
    for (const { token } of [oldest, middle, latest]) await signOut(auth.url, token);
    const first = await ask(`${auth.url}/auth/revocations`);
    // As many as before, and the latest is the same.
    await auth.database.sql.begin(async (sql) => {
      await sql`update auth.sessions set ended_at = now() - interval '17 minutes' where id = ${oldest.sessionId}`;
      await sql`update auth.sessions set end_reason = 'revoked',
      ended_at = (select ended_at from auth.sessions where id = ${middle.sessionId}) where id = ${early.sessionId}`;
    });
    const second = await ask(`${auth.url}/auth/revocations`, {
      headers: { 'if-none-match': first.headers.etag ?? '' },
    });
    t.equal(second.status, 200);
    const [before, after] = [first, second].map(({ json }) => revocationList.parse(json).sessions);
    t.equal(after?.length, before?.length);
    t.strictSame(after?.at(-1), before?.at(-1));
    t.notOk(after?.some(({ sid }) => sid === oldest.sessionId));
    const endedAt = after?.find(({ sid }) => sid === middle.sessionId)?.endedAt ?? '';
    t.strictSame(
      after?.find(({ sid }) => sid === early.sessionId),
      { sid: early.sessionId, endedAt, reason: 'revoked' },
    );
  },
);

t.test(
  'whoever has to know of certain sessions is told of those, however long ago they ended, and of no others',
  async (t) => {
    const [early, open, other] = [await openSession(auth), await openSession(auth), await openSession(auth)];
    await signOut(auth.url, early.token);
    await signOut(auth.url, other.token);
    await letTimePass(auth.database, '2 hours');
    const late = await openSession(auth);
    await signOut(auth.url, late.token);
    const { sessions } = await listed(auth, `?sid=${[late, open, early].map(({ sessionId }) => sessionId).join(',')}`);
    t.match(sessions, [
      { sid: early.sessionId, reason: 'signed-out' },
      { sid: late.sessionId, reason: 'signed-out' },
    ]);
    t.equal(sessions.length, 2);
    const tooMany = Array.from({ length: 101 }, () => late.sessionId).join(',');
    for (const query of [
      `?sid=${tooMany}`,
      '?sid=',
      '?sid=x',
      `?sid=${late.sessionId}&sid=${early.sessionId}`,
      '?since=1',
    ])
      t.equal((await ask(`${auth.url}/auth/revocations${query}`)).status, 422, query.slice(0, 20));
  },
);

t.test('whoever follows hears of each end within a second, on every copy', async (t) => {
  const streams = await Promise.all([auth, copy].map((service) => follow(t, service)));
  for (const { next } of streams) t.equal((await next()).event, 'revocations');
  const took: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { token, sessionId } = await openSession(auth);
    const from = performance.now();
    const heard = streams.map(async ({ next }) => {
      // Of what ended before, a message may still be on its way.
      let event = await next();
      while (event.data['sid'] !== sessionId) event = await next();
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

t.test('a thousand who ask at once cost two readings, and each gets what was read after they asked', async (t) => {
  let [reads, underWay, most] = [0, 0, 0];
  const shared = shareReads(async () => {
    const mine = ++reads;
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    if (mine === 3) throw new Error('the third fails');
    return mine;
  });
  const first = shared();
  await Promise.resolve(reads);
  t.equal(reads, 1, 'the first has begun');
  const rest = Promise.all(Array.from({ length: 999 }, () => shared()));
  t.equal(await first, 1);
  t.strictSame(new Set(await rest), new Set([2]), 'not the one that had begun before');
  t.equal(most, 1);
  await t.rejects(shared(), /the third fails/);
  t.equal(await shared(), 4, 'a failure is shared with nobody who comes later');
});

t.test('whoever asks while readings rest gets what was read when they had rested', async (t) => {
  let reads = 0;
  const rested: number[][] = [];
  const shared = shareReads(
    async () => ++reads,
    (value, before) => {
      rested.push([value, before ?? 0]);
      return 50;
    },
  );
  await shared();
  const from = performance.now();
  const waiting = Promise.all([shared(), shared()]);
  t.equal(reads, 1);
  t.strictSame(await waiting, [2, 2]);
  t.ok(performance.now() - from >= 48, `${performance.now() - from} ms`);
  await shared();
  t.strictSame(rested.slice(0, 2), [
    [1, 0],
    [2, 1],
  ]);
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

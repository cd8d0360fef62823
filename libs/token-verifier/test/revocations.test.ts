import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { verdict } from './harness.ts';
import { openProduct, serveIssuer, until } from './issuer-server.ts';
import { createKey, issue, start } from './issuer.ts';

const key = createKey();
const polling = { followRevocations: false };
const tokenOf = (iss: string, sid: string) => issue(key, { iss, sid });

void t.test('28: a session that ended before the verifier started is refused from the first request on', async (t) => {
  const issuer = await serveIssuer(t, key);
  const held: ServerResponse[] = [];
  issuer.list = (response) => held.push(response);
  const { verifier } = openProduct(t, issuer, polling);
  const [ended, open] = [randomUUID(), randomUUID()];
  issuer.end(ended);
  await until(() => held.length === 1 && verifier.hasKeys());
  const verdicts = [ended, open].map((sid) => verdict(verifier, tokenOf(issuer.url, sid)));
  t.notOk(verifier.isReady(), 'keys alone are not enough');
  held[0]?.end(issuer.document());
  t.same(await Promise.all(verdicts), ['revoked', 'accepted'], 'the first requests waited for the list');
  t.ok(verifier.isReady());
  t.notOk(verifier.verify(tokenOf(issuer.url, open)) instanceof Promise, 'later ones wait for nothing');
});

void t.test(
  '28: without messages a revoked session is refused within 30 s, and an unchanged list costs a 304',
  async (t) => {
    const issuer = await serveIssuer(t, key);
    const { verifier, timers } = openProduct(t, issuer, polling);
    const sid = randomUUID();
    const token = tokenOf(issuer.url, sid);
    t.equal(await verdict(verifier, token), 'accepted');
    timers.advance(20_000);
    t.equal(verifier.state().revocationsAge, 20, 'in seconds');
    timers.advance(10_000);
    await until(() => issuer.asked.unchanged === 1);
    t.equal(await verdict(verifier, token), 'accepted');
    await until(() => verifier.state().revocationsAge === 0);
    issuer.end(sid);
    timers.advance(30_000);
    await until(() => verifier.state().revokedSessions === 1);
    t.equal(await verdict(verifier, token), 'revoked', 'a remembered token too');
    t.same(issuer.asked, { keys: 1, list: 3, unchanged: 1, events: 0 });
  },
);

void t.test('reconcile() reads what happened before it was called, in as few requests as that takes', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier } = openProduct(t, issuer, polling);
  const [first, second] = [randomUUID(), randomUUID()];
  await verifier.reconcile();
  issuer.end(first);
  await verifier.reconcile();
  t.equal(await verdict(verifier, tokenOf(issuer.url, first)), 'revoked');
  const { list: before } = issuer.asked;

  const stale = issuer.document();
  const held: ServerResponse[] = [];
  issuer.list = (response) => held.push(response);
  const early = verifier.reconcile();
  await until(() => held.length === 1);
  issuer.end(second);
  const late = Promise.all(Array.from({ length: 10 }, () => verifier.reconcile()));
  issuer.list = undefined;
  held[0]?.end(stale);
  await early;
  await late;
  t.equal(await verdict(verifier, tokenOf(issuer.url, second)), 'revoked', 'an older answer does not satisfy it');
  t.equal(issuer.asked.list, before + 2);
});

void t.test(
  'without a list tokens are verified by the keys, and the service is not ready until it was had',
  async (t) => {
    const issuer = await serveIssuer(t, key);
    issuer.list = (response) => response.writeHead(503).end();
    const { verifier, timers, failures } = openProduct(t, issuer, polling);
    const sid = randomUUID();
    const token = tokenOf(issuer.url, sid);
    t.equal(await verdict(verifier, token), 'accepted');
    t.same([verifier.hasKeys(), verifier.isReady()], [true, false]);
    t.equal(verifier.state().revocationsAge, undefined);
    verifier.revokeSession(sid);
    t.equal(await verdict(verifier, token), 'revoked', 'messages count all the same');

    const pauses: number[] = [];
    while (failures.length < 9) {
      const [pause = 0] = timers.pauses();
      pauses.push(pause);
      const count = failures.length;
      timers.advance(pause);
      await until(() => failures.length > count && timers.pauses().length === 2);
    }
    t.ok((pauses[0] ?? 0) <= 500 && Math.max(...pauses) <= 20_000, pauses.join());
    t.ok(
      pauses.every((pause, index) => index === 0 || index > 5 || pause > (pauses[index - 1] ?? 0)),
      'it backs off',
    );
    issuer.list = undefined;
    timers.advance(20_000);
    await until(() => verifier.isReady());
    t.match(
      failures,
      failures.map(() => /^revocations: .* answered 503/),
    );
  },
);

void t.test('an issuer that says nothing holds up the first requests for less than 3 s', async (t) => {
  const issuer = await serveIssuer(t, key);
  issuer.list = () => undefined;
  const { verifier } = openProduct(t, issuer, polling);
  const before = Date.now();
  t.equal(await verdict(verifier, tokenOf(issuer.url, randomUUID())), 'accepted');
  t.ok(Date.now() - before < 3000, `${Date.now() - before} ms`);
});

void t.test('an answer of garbage keeps what there is, and takes over nothing', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier, timers, failures } = openProduct(t, issuer, polling);
  const [ended, innocent] = [randomUUID(), randomUUID()];
  issuer.end(ended);
  await verifier.reconcile();
  const entry = { sid: innocent, endedAt: new Date(start).toISOString(), reason: 'revoked' };
  const text = (body: unknown) => (response: ServerResponse) =>
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  const noList = /Error: not a list of revocations/;
  const noRevocation = /Error: not a revocation/;
  const garbage: [answer: (response: ServerResponse) => unknown, complaint: RegExp][] = [
    [text(''), /JSON/],
    [text('<html>'), /JSON/],
    [text('null'), noList],
    [text([]), noList],
    [text({}), noList],
    [text('['.repeat(60_000)), /JSON/],
    [text({ window: 990 }), noList],
    [text({ sessions: [entry] }), noList],
    [text({ window: '990', sessions: [entry] }), noList],
    [text({ window: 0, sessions: [entry] }), noList],
    [text({ window: 990, sessions: { 0: entry } }), noList],
    [text({ window: 990, sessions: [entry, null] }), noRevocation],
    [text({ window: 990, sessions: [entry, { ...entry, sid: 'x' }] }), noRevocation],
    [text({ window: 990, sessions: [entry, { ...entry, sid: [innocent] }] }), noRevocation],
    [text({ window: 990, sessions: [entry, { ...entry, endedAt: 'yesterday' }] }), noRevocation],
    [text({ window: 990, sessions: [entry, { ...entry, endedAt: 5 }] }), noRevocation],
    [
      text(`{"window":990,"sessions":[${JSON.stringify(entry)}],"padding":"${'x'.repeat(17 * 1024 * 1024)}"}`),
      /the document is too long/,
    ],
    [(response) => response.writeHead(500).end(issuer.document()), /answered 500/],
    [(response) => response.writeHead(302, { location: '/auth/revocations' }).end(), /fetch failed/],
    [(response) => response.writeHead(404).end(), /has no list any more/],
    [(response) => response.writeHead(204).end(), /answered 204/],
    [
      (response) => {
        response.write('{"window":990', () => response.destroy());
      },
      /terminated/,
    ],
  ];
  for (const [index, [answer, complaint]] of garbage.entries()) {
    issuer.list = answer;
    await verifier.reconcile();
    t.equal(failures.length, index + 1);
    t.match(failures[index], complaint);
    t.equal(await verdict(verifier, tokenOf(issuer.url, ended)), 'revoked');
    t.equal(await verdict(verifier, tokenOf(issuer.url, innocent)), 'accepted');
    t.ok(verifier.isReady(), 'once ready, always ready');
  }
  issuer.list = undefined;
  timers.advance(20_000);
  await until(() => verifier.state().revocationsAge === 0);
});

void t.test('a 304 nobody asked for is no list', async (t) => {
  const issuer = await serveIssuer(t, key);
  issuer.list = (response) => response.writeHead(304).end();
  const { verifier, failures } = openProduct(t, issuer, polling);
  await verifier.reconcile();
  t.notOk(verifier.isReady());
  t.match(failures[0], /answered 304/);
});

void t.test(
  'an issuer that publishes no list is verified by its keys, and a list that comes later is taken',
  async (t) => {
    const issuer = await serveIssuer(t, key);
    issuer.list = (response) => response.writeHead(404).end();
    const { verifier, timers, failures } = openProduct(t, issuer, polling);
    const sid = randomUUID();
    t.equal(await verdict(verifier, tokenOf(issuer.url, sid)), 'accepted');
    t.ok(verifier.isReady());
    t.same(failures, []);
    issuer.list = undefined;
    issuer.end(sid);
    timers.advance(30_000);
    await until(() => verifier.state().revokedSessions === 1);
    t.equal(await verdict(verifier, tokenOf(issuer.url, sid)), 'revoked');
  },
);

void t.test('revocations are forgotten once the tokens have expired, not before', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier, timers } = openProduct(t, issuer, polling);
  for (let index = 0; index < 5_000; index += 1) issuer.end(randomUUID());
  const sid = randomUUID();
  issuer.end(sid);
  // Issued by a clock that is ahead as far as clocks may be.
  const last = issue(key, { iss: issuer.url, sid, iat: start / 1000 + 30, exp: start / 1000 + 930 });
  await verifier.reconcile();
  t.equal(verifier.state().revokedSessions, 5_001);
  issuer.list = (response) => response.end(JSON.stringify({ window: 60, sessions: [] }));
  timers.advance(959_999);
  t.equal(await verdict(verifier, last), 'revoked', 'a shorter window later does not cut it');
  timers.advance(1);
  t.equal(await verdict(verifier, last), 'expired');
  timers.advance(120_000);
  await verifier.reconcile();
  t.equal(verifier.state().revokedSessions, 0);
});

void t.test('28: a clock that is set ahead and back again opens no session that ended', async (t) => {
  const issuer = await serveIssuer(t, key);
  const [early, late, never] = [randomUUID(), randomUUID(), randomUUID()];
  const { verifier, timers } = openProduct(t, issuer, polling);
  const verdicts = () => Promise.all([early, late, never].map((sid) => verdict(verifier, tokenOf(issuer.url, sid))));
  issuer.end(early);
  await verifier.reconcile();
  timers.set(20 * 60_000);
  timers.advance(60_000);
  issuer.end(late);
  await verifier.reconcile();
  await verifier.reconcile();
  t.same(await verdicts(), ['expired', 'expired', 'expired']);
  timers.set(-20 * 60_000);
  t.same(await verdicts(), ['revoked', 'revoked', 'accepted']);
  timers.set(-60 * 60_000);
  timers.advance(60_000);
  await verifier.reconcile();
  timers.set(60 * 60_000);
  t.same(await verdicts(), ['revoked', 'revoked', 'accepted'], 'nor does one that was behind');
});

void t.test('a 304 that confirms another version than the one at hand is no answer', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier, failures } = openProduct(t, issuer, polling);
  let tag = '"first"';
  issuer.list = (response) => response.setHeader('etag', tag).end(issuer.document());
  await verifier.reconcile();
  issuer.list = (response) => response.writeHead(304, tag === '' ? {} : { etag: tag }).end();
  for (tag of ['"first"', 'W/"first"', '']) await verifier.reconcile();
  t.same(failures, []);
  tag = '"second"';
  await verifier.reconcile();
  t.match(failures, [/answered 304/]);
});

void t.test('28: a token that outlives what the list tells of is refused, even when it has not expired', async (t) => {
  const issuer = await serveIssuer(t, key);
  // The lifetime of tokens was an hour until now.
  const token = issue(key, { iss: issuer.url, sid: randomUUID(), exp: start / 1000 + 3_600 });
  const before = openProduct(t, issuer, polling);
  const unread = openProduct(t, issuer, { revocationsUri: false });
  await before.verifier.reconcile();
  for (const { timers } of [before, unread]) timers.advance(990_000);
  t.equal(await verdict(before.verifier, token), 'accepted');
  for (const { timers } of [before, unread]) timers.advance(1);
  t.equal(await verdict(before.verifier, token), 'expired');
  t.equal(await verdict(unread.verifier, token), 'accepted', 'where nobody is asked, nobody can have told');
  issuer.window = 3_690;
  await before.verifier.reconcile();
  t.equal(await verdict(before.verifier, token), 'accepted');
});

void t.test('whoever keeps something open for a session hears of its end once, however it became known', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier } = openProduct(t, issuer);
  await until(() => verifier.state().following);
  const [byMessage, byList, byStream, forgotten, open] = Array.from({ length: 5 }, () => randomUUID());
  const heard: string[] = [];
  const listen = (name: string, sid = '') => verifier.onRevoked(sid, () => heard.push(name));
  listen('message', byMessage);
  listen('message again', byMessage);
  listen('list', byList);
  listen('stream', byStream);
  listen('open', open);
  listen('forgotten', forgotten)();
  for (let twice = 0; twice < 2; twice += 1) {
    for (const sid of [byMessage, forgotten]) verifier.revokeSession(sid ?? '');
    issuer.end(byList ?? '');
    await verifier.reconcile();
    issuer.tell(byStream ?? '');
    await until(() => heard.includes('stream'));
  }
  t.same(heard.sort(), ['list', 'message', 'message again', 'stream']);
  listen('late', byMessage);
  await until(() => heard.includes('late'));
  t.notOk(heard.includes('open'));
});

void t.test('a verifier that asks nobody is ready with its keys and has nothing to reconcile', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier } = openProduct(t, issuer, { revocationsUri: false });
  await verifier.verify(tokenOf(issuer.url, randomUUID()));
  await verifier.reconcile();
  t.ok(verifier.isReady());
  t.notOk(verifier.state().following);
  t.same(issuer.asked, { keys: 1, list: 0, unchanged: 0, events: 0 });
});

void t.test('the list is asked for as JSON, with its tag once it has one', async (t) => {
  const issuer = await serveIssuer(t, key);
  const sent: Headers[] = [];
  const fetch = (address: unknown, init?: RequestInit) => {
    if (String(address).endsWith('/auth/revocations')) sent.push(new Headers(init?.headers));
    return globalThis.fetch(String(address), init);
  };
  const { verifier } = openProduct(t, issuer, { ...polling, fetch });
  await verifier.reconcile();
  t.same(
    sent.slice(0, 2).map((headers) => [headers.get('accept'), headers.get('if-none-match') === null]),
    [
      ['application/json', true],
      ['application/json', false],
    ],
  );
});

void t.test('a verifier that is closed while it asks neither complains nor plans another try', async (t) => {
  const issuer = await serveIssuer(t, key);
  const held: ServerResponse[] = [];
  for (const [list, events] of [
    [(response: ServerResponse) => held.push(response), undefined],
    [undefined, (response: ServerResponse) => held.push(response)],
  ]) {
    Object.assign(issuer, { list, events });
    const count = held.length;
    const { verifier, timers, failures } = openProduct(t, issuer);
    await until(() => verifier.hasKeys() && held.length > count);
    const unanswered = held.slice(-1).map((response) => once(response, 'close'));
    verifier.close();
    await Promise.all(unanswered);
    await turn();
    t.same(failures, []);
    await until(() => timers.pauses().length === 0);
  }
});

void t.test('a closed verifier asks nobody any more and goes on with what it has', async (t) => {
  const issuer = await serveIssuer(t, key);
  const { verifier, timers, failures } = openProduct(t, issuer);
  const [ended, open] = [randomUUID(), randomUUID()];
  issuer.end(ended);
  await verifier.reconcile();
  await until(() => verifier.state().following);
  verifier.close();
  await until(() => issuer.streams.size === 0);
  const asked = { ...issuer.asked };
  await verifier.reconcile();
  timers.advance(240_000);
  t.equal(await verdict(verifier, tokenOf(issuer.url, ended)), 'revoked');
  t.equal(await verdict(verifier, tokenOf(issuer.url, open)), 'accepted');
  t.same(issuer.asked, asked);
  t.same(failures, []);
  t.notOk(verifier.state().following);
});

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import t from 'tap';
import { createTokenVerifier } from '../src/index.ts';
import { verdict } from './harness.ts';
import { openProduct, serveIssuer, until, type IssuerServer } from './issuer-server.ts';
import { createKey, issue, start } from './issuer.ts';

const key = createKey();
const tokenOf = (iss: string, sid: string) => issue(key, { iss, sid });
/** The list itself is out of order, so that what is known came by the stream. */
const withoutList = (issuer: IssuerServer) => (issuer.list = (response) => response.writeHead(500).end());

void t.test('28: a service that hears no messages refuses a revoked session within 1 s, by the stream', async (t) => {
  const issuer = await serveIssuer(t, key);
  withoutList(issuer);
  const copies = Array.from({ length: 5 }, () => createTokenVerifier({ issuer: issuer.url }));
  t.teardown(() => copies.forEach((copy) => copy.close()));
  await until(() => copies.every((copy) => copy.isReady() && copy.state().following));
  const now = Math.floor(Date.now() / 1000);
  const latencies: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const sid = randomUUID();
    const token = issue(key, { iss: issuer.url, sid, iat: now, exp: now + 900 });
    for (const copy of copies) t.equal(await verdict(copy, token), 'accepted');
    const before = performance.now();
    issuer.tell(sid, Date.now());
    for (const copy of copies) {
      while ((await verdict(copy, token)) !== 'revoked') await new Promise((resolve) => setImmediate(resolve));
      latencies.push(performance.now() - before);
    }
  }
  latencies.sort((a, b) => a - b);
  const [p50 = NaN, p99 = NaN] = [0.5, 0.99].map((share) => latencies[Math.floor(latencies.length * share)]);
  t.comment(`end of a session → refused by 5 verifiers: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  t.ok(p99 < 1000);
});

void t.test('a stream that breaks is opened again, with the whole list for what ended in between', async (t) => {
  const issuer = await serveIssuer(t, key);
  withoutList(issuer);
  const { verifier, timers } = openProduct(t, issuer);
  await until(() => verifier.state().following);
  for (const breaking of ['destroy', 'end'] as const) {
    const sid = randomUUID();
    t.equal(await verdict(verifier, tokenOf(issuer.url, sid)), 'accepted');
    const [stream] = issuer.streams;
    stream?.[breaking]();
    await until(() => !verifier.state().following && issuer.streams.size === 0);
    issuer.end(sid);
    timers.advance(1_000);
    await until(() => verifier.state().following);
    t.equal(await verdict(verifier, tokenOf(issuer.url, sid)), 'revoked', breaking);
  }
  t.equal(issuer.asked.events, 3);
});

void t.test(
  'a stream that cannot be had is asked for ever less often, and again at once when one that held breaks',
  async (t) => {
    const issuer = await serveIssuer(t, key);
    issuer.events = (response) => response.writeHead(503).end();
    const { verifier, timers, failures } = openProduct(t, issuer);
    await until(() => verifier.isReady() && failures.length === 1);
    for (let tries = 2; tries < 10; tries += 1) {
      timers.advance(20_000);
      await until(() => failures.length === tries);
    }
    // Polls and renewals of the keys are further apart.
    const pauses = () => timers.scheduled.filter((pause) => pause <= 20_000);
    t.ok((pauses()[0] ?? 0) <= 500, pauses().map(Math.round).join());
    t.ok(pauses().every((pause, index, all) => index === 0 || index > 5 || pause > (all[index - 1] ?? 0)));
    t.ok((pauses().at(-1) ?? 0) >= 15_000);
    issuer.events = undefined;
    timers.advance(20_000);
    await until(() => verifier.state().following);
    timers.advance(15_000);
    for (const stream of issuer.streams) stream.destroy();
    await until(() => !verifier.state().following && pauses().length === 10);
    t.ok((pauses().at(-1) ?? Infinity) <= 500);
    t.ok(failures.every((failure) => failure.startsWith('revocations: ')));
  },
);

void t.test('streams that break soon after they began are opened ever less often', async (t) => {
  const issuer = await serveIssuer(t, key);
  issuer.events = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: revocations\ndata: ${issuer.document()}\n\n`);
  };
  const { verifier, timers } = openProduct(t, issuer);
  const pauses = () => timers.scheduled.filter((pause) => pause <= 20_000);
  for (let tries = 1; tries <= 5; tries += 1) {
    await until(() => pauses().length === tries && verifier.isReady());
    timers.advance(pauses().at(-1) ?? 0);
  }
  t.ok(
    pauses().every((pause, index, all) => index === 0 || pause > (all[index - 1] ?? 0)),
    pauses().map(Math.round).join(),
  );
});

void t.test('a stream that ended leaves no timer behind but the one for the next', async (t) => {
  const issuer = await serveIssuer(t, key);
  const sent: (string | null)[] = [];
  const fetch = (address: unknown, init?: RequestInit) => {
    if (String(address).endsWith('/events')) sent.push(new Headers(init?.headers).get('accept'));
    return globalThis.fetch(String(address), init);
  };
  const { verifier, timers } = openProduct(t, issuer, { fetch });
  await until(() => verifier.state().following && verifier.isReady());
  for (const stream of issuer.streams) stream.end();
  await until(() => !verifier.state().following);
  t.notOk(timers.pauses().includes(40_000), timers.pauses().join());
  t.equal(timers.pauses().length, 3, 'for the keys, the list and the stream');
  verifier.close();
  t.same(timers.pauses(), []);
  t.same(sent, ['text/event-stream']);
});

void t.test('a line that fell silent is hung up on; heartbeats keep it', async (t) => {
  const issuer = await serveIssuer(t, key);
  withoutList(issuer);
  const { verifier, timers, failures } = openProduct(t, issuer);
  await until(() => verifier.state().following);
  for (let beat = 0; beat < 5; beat += 1) {
    timers.advance(15_000);
    const pausesBefore = timers.pauses();
    for (const stream of issuer.streams) stream.write(': still here\n\n');
    await until(() => timers.pauses().some((pause) => pause === 40_000 && !pausesBefore.includes(40_000)));
  }
  t.equal(issuer.asked.events, 1);
  timers.advance(40_000);
  await until(() => !verifier.state().following);
  t.ok(failures.some((failure) => failure.endsWith('fell silent')));
  timers.advance(1_000);
  await until(() => verifier.state().following);
  t.equal(issuer.asked.events, 2);
});

void t.test('an issuer that does not even answer is hung up on too', async (t) => {
  const issuer = await serveIssuer(t, key);
  const held: ServerResponse[] = [];
  issuer.events = (response) => held.push(response);
  const { verifier, timers, failures } = openProduct(t, issuer);
  await until(() => held.length === 1 && verifier.isReady());
  timers.advance(40_000);
  await until(() => failures.some((failure) => failure.endsWith('fell silent')));
});

void t.test('an issuer without a stream is only polled, and asked again after five minutes', async (t) => {
  for (const status of [404, 406]) {
    const issuer = await serveIssuer(t, key);
    issuer.events = (response) => response.writeHead(status).end('no');
    const { verifier, timers, failures } = openProduct(t, issuer);
    await until(() => verifier.isReady() && timers.pauses().includes(300_000));
    const sid = randomUUID();
    issuer.end(sid);
    timers.advance(30_000);
    await until(() => verifier.state().revokedSessions === 1);
    t.equal(await verdict(verifier, tokenOf(issuer.url, sid)), 'revoked');
    issuer.events = undefined;
    timers.advance(269_999);
    t.equal(issuer.asked.events, 1);
    timers.advance(1);
    await until(() => verifier.state().following);
    t.same(failures, []);
  }
});

void t.test('garbage on the stream takes over nothing and has it opened anew', async (t) => {
  const issuer = await serveIssuer(t, key);
  const [ended, innocent] = [randomUUID(), randomUUID()];
  const entry = JSON.stringify({ sid: innocent, endedAt: new Date(start).toISOString() });
  const frames = [
    `event: revoked\ndata: {"sid":"x"}\n\n`,
    `event: revoked\ndata: nonsense\n\n`,
    `event: revocations\ndata: {"window":990,"sessions":[${entry},{}]}\n\n`,
    `event: revocations\ndata: ${entry}\n\n`,
    `event: revoked\ndata: ${'x'.repeat(17 * 1024 * 1024)}`,
    `event: revoked\n${`data: ${'x'.repeat(1024)}\n`.repeat(17 * 1024)}`,
  ];
  issuer.end(ended);
  const { verifier, timers, failures } = openProduct(t, issuer);
  for (const frame of frames) {
    await until(() => verifier.state().following);
    const count = failures.length;
    for (const stream of issuer.streams) stream.write(frame);
    await until(() => failures.length === count + 1);
    t.equal(await verdict(verifier, tokenOf(issuer.url, ended)), 'revoked');
    t.equal(await verdict(verifier, tokenOf(issuer.url, innocent)), 'accepted', failures.at(-1)?.slice(0, 80) ?? '');
    timers.advance(20_000);
  }
  await until(() => verifier.state().following);
  for (const stream of issuer.streams) {
    stream.write(`event: weather\ndata: nonsense\n\ndata: no name\n\nevent: revoked\n\n`);
  }
  issuer.tell(innocent);
  await until(() => verifier.state().revokedSessions === 2);
  t.equal(failures.length, frames.length, 'events of other names are none of its business');
});

void t.test('what answers with anything but an event stream is not followed', async (t) => {
  const entry = JSON.stringify({ sid: randomUUID(), endedAt: new Date(start).toISOString() });
  const frame = `event: revoked\ndata: ${entry}\n\n`;
  const answers: [(response: ServerResponse) => unknown, RegExp][] = [
    [(response) => response.writeHead(200, { 'content-type': 'application/json' }).end(frame), /no event stream/],
    [(response) => response.writeHead(200, { 'content-type': 'text/event-streams' }).end(frame), /no event stream/],
    [(response) => response.writeHead(200, { 'content-type': 'x-text/event-stream' }).end(frame), /no event stream/],
    [(response) => response.writeHead(200).end(frame), /no event stream/],
    [(response) => response.writeHead(206, { 'content-type': 'text/event-stream' }).end(frame), /answered 206/],
    [(response) => response.writeHead(204, { 'content-type': 'text/event-stream' }).end(), /answered 204/],
    [(response) => response.writeHead(307, { location: '/auth/revocations' }).end(), /./],
  ];
  for (const [answer, message] of answers) {
    const issuer = await serveIssuer(t, key);
    issuer.events = answer;
    const { verifier, failures } = openProduct(t, issuer);
    await until(() => verifier.isReady() && failures.length === 1);
    t.match(failures[0], message);
    t.equal(verifier.state().revokedSessions, 0);
  }
});

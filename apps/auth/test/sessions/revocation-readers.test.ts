import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { revocationStream } from '../../src/sessions/revocation-stream.ts';
import { startAuth, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { openSession } from '../support/sessions.ts';

const auth = await startAuth(t, { env: { REVOCATION_STREAMS: '200' } });
const hasty = await startAuth(t, {
  database: auth.database,
  env: { REVOCATION_STREAMS: '2' },
  readerPatienceMs: 300,
});

// More bytes than a system takes over for somebody who does not read.
const { userId } = await openSession(auth);
await auth.database.sql`
  insert into auth.sessions (id, user_id, amr, authenticated_at, expires_at, ended_at, end_reason)
  select gen_random_uuid(), ${userId}::uuid, '{email}', now(), now() + interval '1 day', now() - interval '10 minutes' * random(), 'signed-out'
  from generate_series(1, 50000)`;
const lists = '/auth/revocations';
const events = '/auth/revocations/events';
const { length } = (await ask(auth.url + lists)).text;

t.test('a hundred readers that have stopped reading cost one list', async (t) => {
  const before = process.memoryUsage().arrayBuffers;
  const ends = serverEnds(auth);
  for (let reader = 0; reader < 100; reader++) await stall(t, auth, reader % 2 ? lists : events);
  const isGiven = ({ writableLength }: Socket) => writableLength >= length;
  while (ends.length < 100 || !ends.every(isGiven)) await nextTurn();
  const cost = process.memoryUsage().arrayBuffers - before;
  t.ok(cost < 3 * length, `${(cost / 1e6).toFixed(1)} MB for a list of ${(length / 1e6).toFixed(1)} MB`);
});

t.test('readers that have stopped reading are hung up on, and their places given to others', async (t) => {
  const ends = serverEnds(hasty);
  for (const path of [lists, events, events]) await stall(t, hasty, path);
  while (ends.length < 3) await nextTurn();
  for (const end of ends) if (!end.destroyed) await once(end, 'close');
  t.match(hasty.logged.join(''), 'hung up on readers that had stopped reading');
  const abort = new AbortController();
  const { status } = await fetch(hasty.url + events, { signal: abort.signal });
  t.equal(status, 200);
  abort.abort();
});

t.test('a reader that lags far behind is given the whole list instead of what it missed', async (t) => {
  let say = (_frame: string): void => undefined;
  let readings = 0;
  const revocations = {
    published: async () => ({ body: Buffer.from(`list ${++readings}`), etag: '' }),
    follow: (onEnd: (frame: string) => void) => {
      say = onEnd;
      return () => (say = () => undefined);
    },
  };
  const reader = new AbortController();
  const stream = revocationStream({ revocations, signal: reader.signal });
  const next = async () => String((await stream.next()).value);
  const list = async () => (await next()) + (await next()) + (await next());
  await next();
  t.equal(await list(), 'event: revocations\ndata: list 1\n\n');
  for (let count = 0; count < 2_000; count++) say('x');
  t.equal(await next(), 'x'.repeat(2_000));
  for (let count = 0; count < 2_001; count++) say('x');
  t.equal(await list(), 'event: revocations\ndata: list 2\n\n');
  say('y');
  t.equal(await next(), 'y');
  reader.abort();
  t.ok((await stream.next()).done);
});

/** The service's ends of the connections that are made from now on. */
function serverEnds({ app }: Auth): Socket[] {
  const ends: Socket[] = [];
  app.server.on('connection', (end: Socket) => ends.push(end));
  return ends;
}

/** Asks, and takes nothing of the answer. */
async function stall(t: Test, { url }: Auth, path: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
}

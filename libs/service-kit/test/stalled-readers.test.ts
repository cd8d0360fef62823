import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { mock } from 'node:test';
import t, { type Test } from 'tap';
import type { Server } from '../src/index.ts';
import { openService } from './support/service.ts';

// Only the service looks at its connections by it; sockets keep their own time.
mock.timers.enable({ apis: ['setInterval'] });
t.teardown(() => mock.timers.reset());
const lookMs = 5_000;

/** More than systems take over for a reader. */
const piece = Buffer.alloc(16 * 1024 * 1024);

void t.test('whoever stops reading an answer is hung up on after 30 seconds', async (t) => {
  const answering = Promise.withResolvers<ServerResponse>();
  const { app, lines } = await openService(t, {
    routes(app) {
      app.get('/', (_request, reply) => {
        answering.resolve(reply.raw);
        return reply.send(piece);
      });
    },
  });
  await ask(t, app);
  const answer = await answering.promise;
  const closed = once(answer, 'close');
  // The first look only finds that something waits.
  mock.timers.tick(6 * lookMs);
  t.notOk(answer.destroyed);
  mock.timers.tick(lookMs);
  await closed;
  t.notOk(answer.writableFinished);
  t.match(lines.join(''), /"connections":1,"msg":"hung up on readers that had stopped reading"/);
});

void t.test('whoever takes an answer piece by piece may take long', async (t) => {
  const answering = Promise.withResolvers<ServerResponse>();
  let pieces = 0;
  const { app } = await openService(t, {
    routes(app) {
      app.get('/', (_request, reply) => {
        answering.resolve(reply.raw);
        const body = new Readable({
          highWaterMark: 1,
          read() {
            pieces++;
            this.push(piece);
          },
        });
        return reply.send(body);
      });
    },
  });
  const socket = await ask(t, app);
  const answer = await answering.promise;
  for (let round = 0; round < 6; round++) {
    // Made when one before it was taken.
    const next = pieces + 2;
    while (pieces < next) if (socket.read() === null) await once(socket, 'readable');
    mock.timers.tick(5 * lookMs);
    t.notOk(answer.destroyed, `after ${(round + 1) * 25} s`);
  }
  mock.timers.tick(2 * lookMs);
  t.ok(answer.destroyed || (await once(answer, 'close')), 'but not stop');
});

void t.test('a stream with nothing to say stays open', async (t) => {
  const body = new PassThrough();
  const { app } = await openService(t, { routes: (app) => void app.get('/', (_request, reply) => reply.send(body)) });
  const socket = await ask(t, app);
  const heard = async (text: string) => {
    let all = '';
    while (!all.includes(text)) {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) await once(socket, 'readable');
      else all += chunk.toString();
    }
  };
  body.write('first');
  await heard('first');
  mock.timers.tick(60 * lookMs);
  body.write('second');
  await heard('second');
});

/** Sends a request and reads nothing of the answer. */
async function ask(t: Test, app: Server): Promise<Socket> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return socket;
}

import type { Socket } from 'node:net';
import type { Server } from './create-server.ts';

/** Milliseconds in which something of what waits for a reader has to be taken. */
export const readerPatienceMs = 30_000;

/** How often connections are looked at within that time. */
const looks = 6;

/**
 * Node keeps what a reader does not take, for ever. So whoever takes nothing for `patienceMs` of what waits for them is hung
 * up on; what counts as taken is a write that was completed. An answer of one piece is to be taken whole within that time,
 * a stream piece by piece, and a stream with nothing to say may be silent for as long as it likes.
 *
 * All connections are looked at now and then, because a timer of its own would make every answer dearer. Not Node's own
 * time-out of sockets: it goes by any byte that moves, so a reader who takes one now and then holds an answer for ever.
 */
export function hangUpOnStalledReaders(app: Server, patienceMs = readerPatienceMs): void {
  const connections = new Map<Socket, { taken: number; unchanged: number }>();

  app.addHook('onRequest', ({ raw: { socket } }, _reply, done) => {
    if (!connections.has(socket)) {
      connections.set(socket, { taken: 0, unchanged: 0 });
      socket.once('close', () => connections.delete(socket));
    }
    done();
  });

  function look(): void {
    let stalled = 0;
    for (const [socket, seen] of connections) {
      const waiting = socket.writableLength;
      const taken = waiting > 0 ? socket.bytesWritten - waiting : -1;
      if (waiting === 0 || taken !== seen.taken) {
        seen.taken = taken;
        seen.unchanged = 0;
      } else if (++seen.unchanged >= looks) {
        // A mere close would leave to the system what it holds for this reader, megabytes of it.
        socket.resetAndDestroy();
        stalled++;
      }
    }
    if (stalled > 0) app.log.info({ connections: stalled }, 'hung up on readers that had stopped reading');
  }

  let timer: NodeJS.Timeout | undefined;
  app.addHook('onListen', (done) => {
    timer = setInterval(look, patienceMs / looks).unref();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}

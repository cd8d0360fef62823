import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { type Test } from 'tap';

export interface CuttableLine {
  /** The same place as the original, reached through the line. */
  readonly url: string;
  /** Hangs up on everyone and refuses new calls. */
  cut(): Promise<void>;
  /** Nothing passes any more, and nobody is told. */
  freeze(): void;
  mend(): Promise<void>;
}

/** A TCP line to a store, to be without the store while the store is well. */
export async function openLine(t: Test, target: string): Promise<CuttableLine> {
  const url = new URL(target);
  const to = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  let frozen = false;

  const server = createServer((near) => {
    const far = connect(to);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      socket.on('data', (chunk) => {
        if (!frozen) other.write(chunk);
      });
    }
  });
  async function listen(port: number): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }
  function hangUp(): void {
    for (const socket of sockets) socket.destroy();
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;
  url.host = `127.0.0.1:${port}`;
  t.teardown(() => {
    server.close();
    hangUp();
  });
  return {
    url: url.href,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      hangUp();
      await closed;
    },
    freeze() {
      frozen = true;
    },
    async mend() {
      if (frozen) hangUp();
      frozen = false;
      if (!server.listening) await listen(port);
    },
  };
}

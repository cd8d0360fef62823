import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The given URL, by way of the proxy. */
  readonly url: string;
  /** Ends every connection and refuses new ones, as a stopped server does. */
  cut(): void;
  /** Keeps every connection and delivers nothing, as a server does that hangs. */
  stall(): void;
  /** Delivers what is asked and loses what is answered: the work is done and nobody hears of it. */
  loseAnswers(): void;
  /** Never says another word on the connections there are, as after a failover nobody was told of; serves new ones. */
  forsake(): void;
  restore(): void;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** Stands between a service and a part it depends on, so that a test can take the part away. */
export async function openTcpProxy(t: Teardown, targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const forsaken = new Set<Socket>();
  let state: 'open' | 'stalled' | 'mute' | 'cut' = 'open';

  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (from === near || state !== 'mute') to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (state === 'stalled') from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    for (const socket of [...sockets, ...forsaken]) socket.destroy();
  });

  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    stall() {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    loseAnswers() {
      state = 'mute';
    },
    forsake() {
      for (const socket of sockets) {
        socket.removeAllListeners('data');
        socket.pause();
        forsaken.add(socket);
      }
      sockets.clear();
    },
    restore() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
  };
}

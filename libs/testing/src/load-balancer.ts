import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export interface LoadBalancer {
  readonly url: string;
  /** Takes a copy into service once it is ready. */
  add(url: string): Promise<void>;
  remove(url: string): void;
  /** Copies that are given requests now. */
  readonly ready: ReadonlySet<string>;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/**
 * Shares requests out among the copies that call themselves ready, as balancers do: readiness is asked every 100 ms, a copy
 * that refuses a connection is passed over, and a request that has been handed to a copy is never sent to another.
 */
export async function openLoadBalancer(t: Teardown): Promise<LoadBalancer> {
  const copies = new Set<string>();
  const ready = new Set<string>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  async function probe(url: string): Promise<void> {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isReady && copies.has(url)) ready.add(url);
    else ready.delete(url);
  }
  const timer = setInterval(() => copies.forEach((url) => void probe(url)), 100);

  function forward(incoming: IncomingMessage, body: Buffer, answer: ServerResponse, tried: Set<string>): void {
    const choice = [...ready].filter((url) => !tried.has(url));
    const target = choice[turn++ % choice.length];
    if (target === undefined) {
      answer.writeHead(502).end('no copy is ready');
      return;
    }
    const { method, url, headers } = incoming;
    const outgoing = send(target + (url ?? ''), { method, headers, agent }, (response) => {
      // How long a connection is kept is agreed between its own two ends.
      const { connection: _connection, 'keep-alive': _keepAlive, ...passedOn } = response.headers;
      answer.writeHead(response.statusCode ?? 502, passedOn);
      // What breaks off on one side breaks off on the other.
      pipeline(response, answer, () => undefined);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') forward(incoming, body, answer, tried.add(target));
      else if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end(String(error));
    });
    outgoing.end(body);
  }

  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => forward(incoming, Buffer.concat(chunks), answer, new Set()));
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    clearInterval(timer);
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready,
    async add(url) {
      copies.add(url);
      await probe(url);
    },
    remove(url) {
      copies.delete(url);
      ready.delete(url);
    },
  };
}

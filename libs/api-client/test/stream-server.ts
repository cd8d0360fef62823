import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
}

/** A real server that a test answers by hand: `await server.visit()` is the next request. */
export async function openServer(t: Test) {
  const arrived: Visit[] = [];
  let awaited: ((visit: Visit) => void) | undefined;
  const server = createServer((request, response) => {
    const visit = { request, response };
    if (awaited) awaited(visit);
    else arrived.push(visit);
    awaited = undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visit: (): Promise<Visit> => {
      const next = arrived.shift();
      return next ? Promise.resolve(next) : new Promise((resolve) => (awaited = resolve));
    },
    /** Requests that nobody has looked at yet. */
    waiting: () => arrived.length,
  };
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
}

export function frame(seq: number, event: string, data: unknown): string {
  return `id: ${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

export const running = (seq: number) => frame(seq, 'state', { state: 'running', attempt: 1 });
export const delta = (seq: number, text: string) => frame(seq, 'delta', { part: 'summary', text });
export const succeeded = (seq: number) => frame(seq, 'state', { state: 'succeeded', attempt: 1 });

export function answerProblem({ response }: Visit, status: number, code: string, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, requestId: 'r-1' }));
}

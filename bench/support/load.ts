import { request as send, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent: Agent;
}

/** One request on a connection of the agent's; rejects when there is no answer. */
export function ask(url: string, { method = 'GET', headers = {}, body: given, agent }: Asking): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = send(url, { method, headers, agent }, (incoming) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    incoming.on('error', reject);
  });
  outgoing.on('error', reject);
  outgoing.end(given);
  return promise;
}

export interface Load {
  readonly inFlight: number;
  readonly seconds: number;
  /** Does it once and says whether it went well. */
  readonly task: () => Promise<boolean>;
}

export interface Measured {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly latencies: number[];
  readonly failures: number;
}

/** Keeps so many tasks under way for so long, and no longer. */
export async function load({ inFlight, seconds, task }: Load): Promise<Measured> {
  const latencies: number[] = [];
  let failures = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  async function keepAsking(): Promise<void> {
    for (let from = performance.now(); from < end; from = performance.now()) {
      if (!(await task().catch(() => false))) failures += 1;
      latencies.push(performance.now() - from);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, keepAsking));
  return { perSecond: latencies.length / ((performance.now() - start) / 1000), latencies, failures };
}

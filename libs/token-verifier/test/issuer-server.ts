import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { createTokenVerifier, type TokenVerifierOptions } from '../src/index.ts';
import type { SigningKey } from './issuer.ts';
import { start } from './issuer.ts';

interface Ended {
  sid: string;
  endedAt: string;
  reason: string;
}
type Answer = (response: ServerResponse) => unknown;

export type IssuerServer = Awaited<ReturnType<typeof serveIssuer>>;

/** What a verifier sees of auth: keys, the list of revocations and their event stream. A test may change every answer. */
export async function serveIssuer(t: Test, key: SigningKey) {
  const sessions: Ended[] = [];
  const streams = new Set<ServerResponse>();
  const issuer = {
    url: '',
    streams,
    asked: { keys: 0, list: 0, unchanged: 0, events: 0 },
    window: 990,
    /** Instead of the list, or of the stream. */
    list: undefined as Answer | undefined,
    events: undefined as Answer | undefined,
    /** A session ends, and nobody is told. */
    end(sid: string, endedAt = start) {
      const ended = { sid, endedAt: new Date(endedAt).toISOString(), reason: 'revoked' };
      sessions.push(ended);
      return ended;
    },
    /** A session ends, and who follows the stream hears of it. */
    tell(sid: string, endedAt = start) {
      const data = JSON.stringify(issuer.end(sid, endedAt));
      for (const stream of streams) stream.write(`event: revoked\ndata: ${data}\n\n`);
    },
    document: () => JSON.stringify({ window: issuer.window, sessions }),
  };

  function answerList(response: ServerResponse, known: string | undefined): void {
    const etag = `"${createHash('sha256').update(issuer.document()).digest('base64url').slice(0, 22)}"`;
    issuer.asked.unchanged += known === etag ? 1 : 0;
    response.writeHead(known === etag ? 304 : 200, { etag }).end(known === etag ? undefined : issuer.document());
  }

  function answerEvents(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: 1000\n\nevent: revocations\ndata: ${issuer.document()}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  const server = createServer(({ url, headers }, response) => {
    if (url === '/.well-known/jwks.json') {
      issuer.asked.keys += 1;
      response.end(JSON.stringify({ keys: [key.jwk] }));
    } else if (url === '/auth/revocations') {
      issuer.asked.list += 1;
      if (issuer.list) issuer.list(response);
      else answerList(response, headers['if-none-match']);
    } else if (url === '/auth/revocations/events') {
      issuer.asked.events += 1;
      if (issuer.events) issuer.events(response);
      else answerEvents(response);
    } else {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return issuer;
}

/** Time that passes when told to, with any number of timers. */
export function createTimers() {
  let at = start;
  let set = 0;
  let pending: { run: () => void; due: number }[] = [];
  const scheduled: number[] = [];
  return {
    now: () => at + set,
    uptime: () => at,
    /** Every pause that was ever asked for. */
    scheduled,
    schedule: (run: () => void, milliseconds: number) => {
      scheduled.push(milliseconds);
      const timer = { run, due: at + milliseconds };
      pending.push(timer);
      return () => {
        pending = pending.filter((other) => other !== timer);
      };
    },
    /** Somebody sets the clock; no time passes. */
    set(milliseconds: number) {
      set += milliseconds;
    },
    /** Milliseconds until each timer is due. */
    pauses: () => pending.map(({ due }) => due - at).sort((a, b) => a - b),
    advance(milliseconds: number) {
      const end = at + milliseconds;
      for (;;) {
        const next = pending.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        pending = pending.filter((timer) => timer !== next);
        at = next.due;
        next.run();
      }
      at = end;
    },
  };
}

/** A verifier that knows nothing but its issuer, closed with the test. */
export function openProduct(t: Test, issuer: IssuerServer, options: Partial<TokenVerifierOptions> = {}) {
  const timers = createTimers();
  const failures: string[] = [];
  const verifier = createTokenVerifier({
    issuer: issuer.url,
    ...{ now: timers.now, uptime: timers.uptime, schedule: timers.schedule },
    onFetchFailed: (error, what) => failures.push(`${what}: ${String(error)}`),
    ...options,
  });
  t.teardown(() => verifier.close());
  return { verifier, timers, failures };
}

/** Lets what is under way go on until the condition holds. What takes longer than this will not come. */
export async function until(condition: () => boolean, patience = 5_000): Promise<void> {
  const deadline = Date.now() + patience;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`this never came about: ${String(condition)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { createTokenVerifier, TokenRejected, type TokenVerifier, type TokenVerifierOptions } from '../src/index.ts';
import { audience, issuerUrl, type SigningKey, start } from './issuer.ts';

type Verify = Pick<TokenVerifier, 'verify'>;

/** A real server with a JWK Set whose answer a test can change; `requests` counts who asked. */
export async function serveKeys(t: Test, ...keys: SigningKey[]) {
  const answer = (response: ServerResponse): unknown =>
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  const state = { requests: 0, answer, publish, uri: '' };
  function publish(...published: SigningKey[]) {
    keys = published;
    state.answer = answer;
  }
  const listener: RequestListener = (_request, response) => {
    state.requests += 1;
    state.answer(response);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  state.uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
  return state;
}

/** Time that passes when told to. A fetch of keys ends by scheduling the next one, which is how tests wait for it. */
export function createClock() {
  let at = start;
  let fetched = 0;
  let pending: { run: () => void; due: number } | undefined;
  let waiting: (() => void)[] = [];
  return {
    now: () => at,
    schedule: (run: () => void, milliseconds: number) => {
      const entry = { run, due: at + milliseconds };
      pending = entry;
      fetched += 1;
      waiting.forEach((resolve) => resolve());
      waiting = [];
      return () => {
        if (pending === entry) pending = undefined;
      };
    },
    /** Lets time pass without waking timers, like a laptop that sleeps. */
    sleep(milliseconds: number) {
      at += milliseconds;
    },
    /** Runs what was scheduled at the time it is due and waits for its fetch. */
    async runScheduled() {
      if (pending === undefined) throw new Error('nothing is scheduled');
      const { run, due } = pending;
      pending = undefined;
      at = Math.max(at, due);
      const target = fetched + 1;
      run();
      await this.fetched(target);
    },
    /** Waits until so many fetches have ended, well or badly. */
    async fetched(count: number) {
      while (fetched < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

export async function openVerifier(t: Test, jwksUri: string, options: Partial<TokenVerifierOptions> = {}) {
  const clock = createClock();
  const { now, schedule } = clock;
  // Tests of keys and tokens are not disturbed by revocations; those of revocations say where they come from.
  const revocationsUri = false;
  const verifier = createTokenVerifier({
    ...{ issuer: issuerUrl, audience, jwksUri, revocationsUri, now, uptime: now, schedule },
    ...options,
  });
  t.teardown(() => verifier.close());
  return { verifier, clock };
}

/** The reason for which a token is refused, or 'accepted'. */
export async function verdict(verifier: Verify, token: string): Promise<string> {
  try {
    await verifier.verify(token);
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenRejected) return error.reason;
    return error instanceof Error ? error.name : 'unknown';
  }
}

import { randomBytes } from 'node:crypto';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Gauge } from 'prom-client';
import type { TrustProxy } from '../config/fields.ts';
import { type Arrival, arrivalOf } from '../server/arrival.ts';
import type { Server } from '../server/create-server.ts';
import { judgeProxies } from './judge-proxies.ts';
import type { Metrics } from './metrics.ts';

export interface ProxyCheckOptions {
  /** Where the world reaches this process (AUTH_URL, API_URL). */
  publicUrl: string;
  declared: TrustProxy;
  log: FastifyBaseLogger;
  metrics?: Metrics | undefined;
  /** Milliseconds before each try: the first requests may reach other copies, or find no way in until this one is ready. */
  pauses?: readonly number[];
}

export interface ProxyCheck {
  /** To be called once the process listens. Never rejects. */
  run(): Promise<void>;
  stop(): void;
}

/** Known to nobody else, and unlike X-Request-Id left alone by the proxies that set their own. */
const headerName = 'x-alva-proxy-check';
const standardPauses = [0, 1_000, 2_000, 5_000, 10_000, 20_000];
const patienceMs = 3_000;

/**
 * Sends a request to our own public address and looks at how that very request arrives: whether as many proxies stand in
 * front as TRUST_PROXY declares. One line says so where not; nothing waits for it and nobody outside learns of it.
 */
export function installProxyCheck(app: Server, options: ProxyCheckOptions): ProxyCheck {
  const { publicUrl, declared, log, metrics, pauses = standardPauses } = options;
  const stopping = new AbortController();
  let secret: string | undefined;
  let arrival: Arrival | undefined;
  const mismatch = metrics && createGauge(metrics);

  app.addHook('onRequest', (request, _reply, done) => {
    if (secret !== undefined && request.headers[headerName] === secret) {
      secret = undefined;
      arrival = arrivalOf(request);
    }
    done();
  });

  async function probe(): Promise<Arrival | undefined> {
    secret = randomBytes(24).toString('base64url');
    try {
      for (const pause of pauses) {
        await delay(pause, undefined, { signal: stopping.signal, ref: false });
        await send(`${publicUrl}/healthz`, secret, stopping.signal).catch((err: unknown) =>
          log.debug({ err }, 'no request reaches the own public address'),
        );
        if (arrival) return arrival;
      }
      return undefined;
    } finally {
      secret = undefined;
    }
  }

  function report(seen: Arrival | undefined): void {
    if (!seen) {
      log.info(`TRUST_PROXY could not be checked: no request to ${publicUrl} came back to this process`);
      return;
    }
    const verdict = judgeProxies(declared, seen, publicUrl);
    mismatch?.set(verdict.kind === 'wrong' ? 1 : 0);
    if (verdict.kind === 'right') log.debug(`TRUST_PROXY is right for requests to ${publicUrl}`);
    else if (verdict.kind === 'wrong')
      log.error(`TRUST_PROXY is wrong: of a request to ${publicUrl}, ${verdict.seen}. Fix: ${verdict.fix}`);
    else log.warn(`TRUST_PROXY may be wrong: of a request to ${publicUrl}, ${verdict.seen}. Fix: ${verdict.fix}`);
  }

  return {
    run: () => probe().then(report, () => undefined),
    stop: () => stopping.abort(),
  };
}

function createGauge({ registry }: Metrics) {
  return new Gauge({
    name: 'trust_proxy_mismatch',
    help: '1 when a request to the public address arrived through other proxies than TRUST_PROXY declares.',
    registers: [registry],
  });
}

/** On a connection of its own, so that a balancer of connections gives each try another chance. */
function send(url: string, secret: string, stopping: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(patienceMs)]);
  const get = url.startsWith('https:') ? getSecure : getPlain;
  return new Promise((resolve, reject) => {
    get(url, { agent: false, signal, headers: { [headerName]: secret } }, (answer) => {
      answer.resume().on('end', resolve).on('error', reject);
    }).on('error', reject);
  });
}

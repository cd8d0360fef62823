import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { FastifyBaseLogger } from 'fastify';
import { ConfigError } from '../config/config-error.ts';
import type { LogLevel, TrustProxy } from '../config/fields.ts';
import type { Server } from '../server/create-server.ts';
import { createLogger } from '../server/logger.ts';
import { createDisposer, type Disposer } from './disposer.ts';
import type { Metrics } from './metrics.ts';
import { installProxyCheck } from './proxy-check.ts';
import type { Readiness } from './readiness.ts';

export interface Listener {
  app: Server;
  host: string;
  port: number;
  /** The variable that sets the port, for whoever finds it taken. */
  variable: string;
  /** Where the world reaches it, if it does; then TRUST_PROXY is compared with how requests arrive from there. */
  publicUrl?: string;
}

interface RunnableConfig {
  NODE_ENV: string;
  LOG_LEVEL: LogLevel;
  TRUST_PROXY: TrustProxy;
}

export interface ServiceDefinition<Config extends RunnableConfig> {
  name: string;
  config: () => Config;
  /** Opens everything, saying to the disposer how to close it, and returns what is to listen. */
  start: (parts: { config: Config; log: FastifyBaseLogger; disposer: Disposer }) => Promise<{
    readiness: Readiness;
    listeners: Listener[];
    metrics?: Metrics;
  }>;
  /** What keeps it from starting, in one line that names the variable and what mends it, where the error alone does not. */
  explain?: (error: unknown) => string | undefined;
  /** How long to go on serving after readiness went off, so that load balancers notice first. */
  drainDelayMs?: number;
}

const shutdownMs = 10_000;
const patienceWithRequestsMs = 6_000;

/**
 * The life of a process: configuration, resources, listening; on SIGTERM or SIGINT readiness off, requests finished,
 * resources closed in reverse, exit 0 within ten seconds. Whatever cannot start says why, in one line for
 * each thing to mend, and exits 1.
 */
export async function runService<Config extends RunnableConfig>(service: ServiceDefinition<Config>): Promise<void> {
  const disposer = createDisposer();
  try {
    const config = service.config();
    const log = createLogger({
      name: service.name,
      level: config.LOG_LEVEL,
      readable: config.NODE_ENV === 'development',
    });
    const drainDelayMs = service.drainDelayMs ?? (config.NODE_ENV === 'production' ? 2_000 : 0);
    const running: { readiness?: Readiness; listeners: Listener[] } = { listeners: [] };
    // Before anything is opened: a signal or an error while starting closes what is open by then.
    stopWithGrace({ log, disposer, running, drainDelayMs });

    const { metrics, ...started } = await service.start({ config, log, disposer });
    Object.assign(running, started);
    const checks = started.listeners.flatMap(({ app, publicUrl }) =>
      publicUrl === undefined
        ? []
        : [installProxyCheck(app, { publicUrl, declared: config.TRUST_PROXY, log, metrics })],
    );
    for (const listener of running.listeners) await listen(listener);
    log.info({ addresses: running.listeners.map(({ app }) => app.listeningOrigin) }, 'ready');
    for (const check of checks) {
      disposer.add('proxy check', () => check.stop());
      void check.run();
    }
  } catch (error) {
    // A ConfigError says by itself what is wrong; what it has in its cause would be taken for a failure of something else.
    const reason =
      error instanceof ConfigError ? error.message : (service.explain?.(error) ?? explainFailedStart(error));
    for (const line of reason.split('\n')) process.stderr.write(`${service.name}: ${line}\n`);
    await disposer.dispose().catch(() => undefined);
    process.exit(1);
  }
}

interface Stoppable {
  log: FastifyBaseLogger;
  disposer: Disposer;
  running: { readiness?: Readiness; listeners: Listener[] };
  drainDelayMs: number;
}

function stopWithGrace({ log, disposer, running, drainDelayMs }: Stoppable): void {
  const onTimeout = () => log.error({ open: disposer.open() }, 'stopped before everything was closed');
  closeWithGrace({ delay: shutdownMs, logger: false, onTimeout }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'stopping after an uncaught error');
    else log.info({ signal }, 'stopping');
    running.readiness?.stop();
    // Every answer from now on tells the client to let go of its connection, and those it keeps are closed soon after.
    for (const { app } of running.listeners) app.server.keepAliveTimeout = 1;
    if (!err && running.listeners.length > 0) await delay(drainDelayMs);
    // The internal port comes last in the list and goes last: probes watch it until the end.
    for (const { app } of running.listeners) await closeServer(app);
    await disposer.dispose().catch((err: unknown) => {
      log.error({ err }, 'stopped, but not everything could be closed');
      throw err;
    });
    log.info('stopped');
  });
}

/**
 * Connections that may wait to be accepted. With Node's 511, some of a thousand clients that come at once (after a restart, when
 * a network is back) are dropped and try again after one, three and seven seconds. The system has the last word (`somaxconn`).
 */
const backlog = 4_096;

async function listen({ app, host, port, variable }: Listener): Promise<void> {
  try {
    await app.listen({ host, port, backlog });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `${variable}: port ${port} is taken by another process. Fix: stop that process or set ${variable} to a free port.`,
        { cause: error },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new ConfigError(
        `${variable}: cannot listen on ${host}:${port} (${code}). Fix: set another HOST or ${variable}.`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
}

/** Waits for requests in flight, but not for ever: whoever is still connected then is cut off. */
async function closeServer(app: Server): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceWithRequestsMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

function explainFailedStart(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  const reason = inner instanceof Error ? ` (${inner.message})` : '';
  return `could not start: ${error.message || error.name}${reason}`;
}

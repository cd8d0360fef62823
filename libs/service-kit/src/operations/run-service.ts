import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { FastifyBaseLogger } from 'fastify';
import { ConfigError } from '../config/config-error.ts';
import type { logLevels } from '../config/fields.ts';
import type { Server } from '../server/create-server.ts';
import { createLogger } from '../server/logger.ts';
import { createDisposer, type Disposer } from './disposer.ts';
import type { Readiness } from './readiness.ts';

export interface Listener {
  app: Server;
  host: string;
  port: number;
  /** The variable that sets the port, for whoever finds it taken. */
  variable: string;
}

interface RunnableConfig {
  NODE_ENV: string;
  LOG_LEVEL: (typeof logLevels)[number];
}

export interface ServiceDefinition<Config extends RunnableConfig> {
  name: string;
  config: () => Config;
  /** Opens everything, saying to the disposer how to close it, and returns what is to listen. */
  start: (parts: { config: Config; log: FastifyBaseLogger; disposer: Disposer }) => Promise<{
    readiness: Readiness;
    listeners: Listener[];
  }>;
  /** How long to go on serving after readiness went off, so that load balancers notice first. */
  drainDelayMs?: number;
}

const shutdownMs = 10_000;
const patienceWithRequestsMs = 6_000;

/**
 * The life of a process: configuration, resources, listening; on SIGTERM or SIGINT readiness off, requests finished,
 * resources closed in reverse, exit 0 within ten seconds. Whatever cannot start says why in one line and exits 1.
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
    const { readiness, listeners } = await service.start({ config, log, disposer });
    for (const listener of listeners) await listen(listener);
    log.info({ addresses: listeners.map(({ app }) => app.listeningOrigin) }, 'ready');

    const drainDelayMs = service.drainDelayMs ?? (config.NODE_ENV === 'production' ? 2_000 : 0);
    closeWithGrace({ delay: shutdownMs, logger: false }, async ({ err, signal }) => {
      if (err) log.fatal({ err }, 'stopping after an uncaught error');
      else log.info({ signal }, 'stopping');
      readiness.stop();
      if (!err) await delay(drainDelayMs);
      // Last to listen, first to close would take the health port away first; probes need it until the end.
      for (const { app } of listeners) await closeServer(app);
      await disposer.dispose();
      log.info('stopped');
    });
  } catch (error) {
    process.stderr.write(`${service.name}: ${explainFailedStart(error)}\n`);
    await disposer.dispose().catch(() => undefined);
    process.exit(1);
  }
}

async function listen({ app, host, port, variable }: Listener): Promise<void> {
  try {
    await app.listen({ host, port });
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
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  const reason = inner instanceof Error ? ` (${inner.message})` : '';
  return `could not start: ${error.message || error.name}${reason}`;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@alva/testing';
import { findFreePorts } from './ports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const artifacts = fileURLToPath(new URL('../artifacts/', import.meta.url));

export type ProcessName = 'auth' | 'api' | 'worker' | 'web';

export interface Stack {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly authUrl: string;
  readonly database: TestDatabase;
  /** Addresses of the internal ports: metrics and probes. */
  readonly internalUrls: string[];
  /** All that a process has written so far, on both of its outputs. */
  output(name: ProcessName): string;
  /** Kills a process the hard way, as a crash would. */
  kill(name: ProcessName): Promise<void>;
  /** Starts a process (again), with changed variables where given, and waits until it is ready. */
  start(name: ProcessName, environment?: Record<string, string>): Promise<void>;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/**
 * The whole product as its own processes on free ports with a database of their own, stopped at teardown.
 * `environment` is added to that of every process, for instance `ACCESS_TOKEN_TTL`, and `own` to that of single ones.
 */
export async function startStack(
  t: Teardown,
  environment: Record<string, string> = {},
  own: Partial<Record<ProcessName, Record<string, string>>> = {},
): Promise<Stack> {
  const database = await createTestDatabase(t);
  const ports = await findFreePorts(6);
  const [web = 0, api = 0, auth = 0, authMetrics = 0, apiMetrics = 0, workerMetrics = 0] = ports;
  const urls = {
    webUrl: `http://localhost:${web}`,
    apiUrl: `http://localhost:${api}`,
    authUrl: `http://localhost:${auth}`,
  };
  const shared: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    // Only makes the services start sooner.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    DATABASE_URL: database.url,
    WEB_URL: urls.webUrl,
    API_URL: urls.apiUrl,
    AUTH_URL: urls.authUrl,
    CORS_ORIGINS: urls.webUrl,
    MAIL_TRANSPORT: 'inbox',
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...environment,
  };
  const commands: Record<ProcessName, Command> = {
    auth: {
      args: ['apps/auth/src/main.ts'],
      environment: { PORT: String(auth), METRICS_PORT: String(authMetrics) },
      ready: `${urls.authUrl}/readyz`,
    },
    api: {
      args: ['apps/api/src/main.ts'],
      environment: { PORT: String(api), METRICS_PORT: String(apiMetrics) },
      ready: `${urls.apiUrl}/readyz`,
    },
    worker: {
      args: ['apps/api/src/worker-main.ts'],
      environment: { METRICS_PORT: String(workerMetrics) },
      ready: `http://127.0.0.1:${workerMetrics}/readyz`,
    },
    web: {
      // What production runs: the standalone server of the build.
      args: ['apps/web/.next/standalone/apps/web/server.js'],
      environment: { PORT: String(web), NODE_ENV: 'production', HOSTNAME: '127.0.0.1' },
      ready: `${urls.webUrl}/sign-in`,
    },
  };
  const running = new Map<ProcessName, ChildProcess>();
  const outputs = new Map<ProcessName, string[]>();
  const logFolder = `${artifacts}logs/`;
  mkdirSync(logFolder, { recursive: true });

  async function start(name: ProcessName, changes: Record<string, string> = {}): Promise<void> {
    const command = commands[name];
    const child = spawn(process.execPath, command.args, {
      cwd: root,
      env: { ...shared, ...command.environment, ...own[name], ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(`${logFolder}${basename(process.argv[1] ?? '', '.test.ts')}-${name}.log`, {
      flags: 'a',
    });
    const said = outputs.get(name) ?? [];
    outputs.set(name, said);
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false });
      stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    }
    child.once('exit', () => log.end());
    running.set(name, child);
    await untilReady(name, child, command.ready);
  }

  async function stop(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  t.teardown(async () => {
    await Promise.all([...running.keys()].map((name) => stop(name, 'SIGTERM')));
  });
  await Promise.all((['auth', 'api', 'worker', 'web'] as const).map((name) => start(name)));
  return {
    ...urls,
    database,
    internalUrls: [authMetrics, apiMetrics, workerMetrics].map((port) => `http://127.0.0.1:${port}`),
    output: (name) => (outputs.get(name) ?? []).join(''),
    start,
    kill: (name) => stop(name, 'SIGKILL'),
  };
}

interface Command {
  readonly args: string[];
  readonly environment: Record<string, string>;
  readonly ready: string;
}

/** Asks until the answer is 200; a process that ends before is an error with its name. */
async function untilReady(name: string, child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with ${child.exitCode} while starting; see e2e/artifacts/logs`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} was not ready within 60 s; see e2e/artifacts/logs`);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves with the exit code once it is gone. */
  readonly exited: Promise<number | null>;
  /** Every log line so far. */
  readonly lines: string[];
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** Nothing else of ours reaches the service. The cache of compiled modules only makes it start sooner. */
const inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** auth as operators run it, in a process of its own on a free port: for signals, crashes and restarts. */
export async function startServiceProcess(t: Teardown, env: Record<string, string>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../src/main.ts', import.meta.url))], {
    env: { ...inherited, HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines: string[] = [];
  const { promise: address, resolve, reject } = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    const { msg, addresses } = JSON.parse(line) as { msg: string; addresses?: string[] };
    if (msg === 'ready' && addresses?.[0]) resolve(addresses[0]);
  });
  void exited.then((code) => reject(new Error(`auth exited with ${code} before it was ready`)));
  return { url: await address, child, exited, lines };
}

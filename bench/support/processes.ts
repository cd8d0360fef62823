import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

export interface Running {
  /** Addresses in the order in which the process listens on them. */
  readonly addresses: string[];
  /** Microseconds of processor time that it has used so far. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a program of this checkout, given by its path below the root, on Node. It says where it listens by a log line with
 * `addresses`, as our services do, and is asked for its processor time where the operating system tells.
 */
export async function startProcess(path: string, env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(path, root))], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const addresses = await addressesOf(child);
  return {
    addresses,
    cpu: () => cpuOf(addresses.at(-1) ?? ''),
    async stop() {
      process.off('exit', kill);
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function addressesOf(child: ChildProcess): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  child.once('exit', (code) => reject(new Error(`The process ended with ${code} before it listened`)));
  if (!child.stdout) throw new Error('The output is not piped');
  createInterface(child.stdout).on('line', (line) => {
    const { addresses } = JSON.parse(line) as { addresses?: string[] };
    if (addresses) resolve(addresses);
  });
  return promise;
}

/** From the metrics that every process of ours publishes on its internal port. */
async function cpuOf(internalAddress: string): Promise<number> {
  const text = await (await fetch(`${internalAddress}/metrics`)).text();
  const [, seconds] = /^process_cpu_seconds_total(?:\{.*?\})? ([\d.e+-]+)/m.exec(text) ?? [];
  return Number(seconds) * 1e6;
}

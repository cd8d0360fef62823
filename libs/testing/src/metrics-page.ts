import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const page = new URL('../../../docs/operations/metrics.md', import.meta.url);

/** The metrics that the page for operators says this service has, sorted. */
export async function metricsOnPage(service: 'auth' | 'api' | 'worker'): Promise<string[]> {
  const rows = (await readFile(page, 'utf8')).matchAll(/^\| `([a-z_]+)` *\| ([a-z, ]+?) *\|/gm);
  const names = [...rows].flatMap(([, name = '', of = '']) =>
    of === 'all' || of.split(', ').includes(service) ? [name] : [],
  );
  return names.sort();
}

/** The cache of compiled modules only makes the service start sooner. */
const inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** The metrics that a service shows on its internal port, sorted, without those that every Node process has. */
export async function metricsOfProcess(entry: URL, env: Record<string, string>): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    env: { ...inherited, NODE_ENV: 'test', LOG_LEVEL: 'info', PORT: '0', METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface(child.stdout)) {
      const { msg, addresses } = JSON.parse(line) as { msg: string; addresses?: string[] };
      // The internal port is the last.
      const address = msg === 'ready' && addresses?.at(-1);
      if (!address) continue;
      const text = await (await fetch(`${address}/metrics`)).text();
      const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
      return names.filter((name) => !/^(process|nodejs)_/.test(name)).sort();
    }
    throw new Error(`${entry.pathname} ended before it was ready`);
  } finally {
    child.kill('SIGKILL');
  }
}

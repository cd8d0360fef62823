import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Test } from 'tap';
import { type WorkerOptions } from '../../src/index.ts';
import { type TestStore } from './stores.ts';

/** A worker that takes one delivery, says its id and never finishes. */
export async function startWorkerProcess(t: Test, location: TestStore['location'], options: WorkerOptions) {
  const child = start('stuck-worker.ts', { location, options });
  t.teardown(() => child.kill('SIGKILL'));
  return {
    taken: once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Opens everything, uses it, closes it and returns from its main module. */
export async function runWholeLife(location: TestStore['location']): Promise<unknown> {
  const child = start('whole-life.ts', { location });
  const [code] = (await once(child, 'exit')) as unknown[];
  return code;
}

function start(script: string, input: object) {
  const path = new URL(script, import.meta.url).pathname;
  return spawn(process.execPath, [path, JSON.stringify(input)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Hint } from '../hint.ts';
import { findFreePort } from '../ports.ts';
import type { PrivateServer } from '../private-server.ts';
import { answers, findRedisServer } from './test-redis.ts';

/** A Redis that hands every write to the system before it answers, so that it starts again with all that was there. */
export async function openPrivateRedis(): Promise<PrivateServer> {
  const program = findRedisServer();
  if (!program) throw new Hint('There is no redis-server or valkey-server on PATH');
  const [port, folder] = [await findFreePort(), mkdtempSync(join(tmpdir(), 'alva-redis-'))];
  const listening = ['--bind', '127.0.0.1', '--port', String(port)];
  const keeping = ['--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'no'];
  let server: ChildProcess | undefined;
  const isRunning = () => server?.exitCode === null && server.signalCode === null;

  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (!server || !isRunning()) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      server = spawn(program, [...listening, ...keeping], { stdio: 'ignore' });
      while (isRunning() && !(await answers(port))) await delay(5);
      if (!isRunning()) throw new Error(`${program} did not start on port ${port}`);
    },
    stop,
    async close() {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

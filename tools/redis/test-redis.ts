import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../ports.ts';

export interface TestRedis {
  url: string;
  stop(): void;
}

// Redis knows nothing of its parent. This one ends when its standard input closes, so also when we are killed outright.
const guard = '"$@" & server=$!; trap "kill $server" TERM; read -r _; kill $server; wait';

export function findRedisServer(): string | undefined {
  return ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);
}

/** A private server that keeps nothing, when this machine has one; npm offers none. */
export async function startTestRedis(): Promise<TestRedis | undefined> {
  const program = findRedisServer();
  if (!program) return undefined;
  const port = await findFreePort();
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  const server = spawn('/bin/sh', ['-c', guard, 'redis', program, ...options], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.unref();
  while (server.exitCode === null && !(await answers(port))) await delay(5);
  if (server.exitCode !== null) throw new Error(`${program} did not start on port ${port}`);
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.stdin.end() };
}

/** Whether somebody listens there. */
export async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

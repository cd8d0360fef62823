import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Hint } from '../hint.ts';
import { processBeginning } from '../processes/liveness.ts';
import { spawnOrphan } from '../processes/orphan.ts';
import { program } from './binaries.ts';
import { readPostmaster, type Postmaster } from './postmaster.ts';
import { logOf, openServerLog } from './server-log.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerOptions {
  /** Holds `data`, `password` and `postgres.log`. */
  home: string;
  native: string;
  user: ServerUser | undefined;
  /** `name=value` for postgresql.conf. */
  settings: string[];
  /** Made beside `postgres` when the cluster is. */
  database?: string;
}

// Nothing of the caller's environment: a PGDATA or PGOPTIONS meant for another server would reach this one.
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env['SystemRoot'] };
const authentication = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8'];
const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

export function dataOf(home: string): string {
  return join(home, 'data');
}

export function passwordOf(home: string): string {
  return readFileSync(join(home, 'password'), 'utf8');
}

/** Makes the cluster in a folder that gets its name only when complete: an interrupted first start is simply made again. */
export function initialise({ home, native, user, database }: ServerOptions): void {
  if (existsSync(dataOf(home))) return;
  const password = randomBytes(24).toString('hex');
  const unfinished = join(home, 'data.unfinished');
  const passwordFile = join(home, 'password');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid);

  const run = (name: 'initdb' | 'postgres', args: string[], input = '') => {
    const options = { ...user, cwd: unfinished, env: environment, input, encoding: 'utf8' } as const;
    const { status, error, stdout, stderr } = spawnSync(program(native, name), args, options);
    if (status === 0) return;
    throw new Hint(
      `The embedded database could not be made in ${home}: ${error?.message ?? lastLines(stdout + stderr, 3)}`,
    );
  };
  run('initdb', ['-D', unfinished, `--pwfile=${passwordFile}`, ...authentication, ...locale]);
  if (database) run('postgres', ['--single', '-D', unfinished, 'postgres'], `create database ${database}\n`);
  renameSync(unfinished, dataOf(home));
}

/**
 * Starts the server as nobody's child and in a session of its own: neither a terminal's Ctrl-C nor Nx, which ends all descendants
 * of what it ran, may stop it under others who still use it.
 */
export async function startServer(options: ServerOptions, port: number): Promise<Postmaster> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const { server, lastWords = '' } = await attempt(options, port);
    if (server) return server;
    // Sessions of a killed server end once they notice; beside them another one would ruin the data, so Postgres refuses.
    const isHindered = /shared memory block .* in use/.test(lastWords);
    if (!isHindered || Date.now() > giveUpAt) {
      const reason = lastLines(lastWords, 3);
      throw new Hint(`The embedded Postgres did not start: ${reason} (log: ${logOf(options.home)})`);
    }
    await delay(100);
  }
}

const patienceMs = 10_000;

async function attempt(
  { home, native, user, settings }: ServerOptions,
  port: number,
): Promise<{ server?: Postmaster; lastWords?: string }> {
  const fixed = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'timezone=UTC'];
  const command = [
    program(native, 'postgres'),
    ...['-D', dataOf(home)],
    ...[...fixed, ...settings].flatMap((setting) => ['-c', setting]),
  ];
  const log = openServerLog(home);
  const pid = await spawnOrphan(command, { ...user, cwd: dataOf(home), env: environment, output: log.output });
  log.close();
  for (;;) {
    // Of this one: a killed server leaves its note.
    const server = readPostmaster(dataOf(home));
    if (server?.pid === pid && server.ready) return { server };
    if (!processBeginning(pid)) return { lastWords: log.read() };
    await delay(10);
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}

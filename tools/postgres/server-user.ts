import { execFileSync, spawnSync } from 'node:child_process';
import { Hint } from '../hint.ts';

export interface ServerUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root; then it runs as `postgres` or, where that user does not exist, as `nobody`. */
export function findServerUser(): ServerUser {
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && canBecome({ uid, gid })) return { uid, gid };
  }
  throw new Hint(
    'The embedded Postgres cannot run as root, and this root cannot become another user. Run as an ordinary user or set DATABASE_URL.',
  );
}

/** Asked by trying: mode bits alone do not tell about access lists, read-only mounts or user namespaces. */
export function canEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

export function canRun(user: ServerUser, program: string): boolean {
  return spawnSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canBecome(user: ServerUser): boolean {
  return canEnter(user, '/');
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

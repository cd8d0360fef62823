import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Hint } from '../hint.ts';
import { dataFolder, workspaceRoot } from '../paths.ts';
import { dataOf } from './server.ts';
import { canEnter, findServerUser, type ServerUser } from './server-user.ts';

export interface ClusterHome {
  home: string;
  /** Whom the server runs as when we are root. */
  user: ServerUser | undefined;
}

export function prepareHome(name: string): ClusterHome {
  const inCheckout = join(dataFolder, name);
  makeFolder(inCheckout);
  if (process.getuid?.() !== 0) {
    refuseAnothersFolder(inCheckout);
    return { home: inCheckout, user: undefined };
  }
  const user = ownerOf(dataOf(inCheckout)) ?? findServerUser();
  if (canEnter(user, inCheckout)) return { home: inCheckout, user };
  // A checkout in root's private home: the helper user needs a place it can reach, one for each checkout.
  const checkout = createHash('sha256').update(workspaceRoot).digest('hex').slice(0, 8);
  const elsewhere = join('/var/lib/alva', `${basename(workspaceRoot)}-${checkout}`, name);
  makeFolder(elsewhere);
  return { home: elsewhere, user };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Hint(`${folder} cannot be made: ${(error as Error).message}`);
  }
}

/** Root may meet a cluster an ordinary user made before; the server then runs as that user. */
function ownerOf(data: string): ServerUser | undefined {
  if (!existsSync(data)) return undefined;
  const { uid, gid } = statSync(data);
  return uid === 0 ? undefined : { uid, gid };
}

function refuseAnothersFolder(folder: string): void {
  if (process.getuid && statSync(folder).uid !== process.getuid()) {
    throw new Hint(`${folder} belongs to another user. Run as that user, or remove it: sudo rm -rf ${folder}`);
  }
}

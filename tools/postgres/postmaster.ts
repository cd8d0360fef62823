import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasProcess, processBeginning } from '../processes/liveness.ts';
import { isPortFree } from '../ports.ts';

export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** What Postgres writes about itself into its data folder: pid, folder, start, port, …, state on the eighth line. */
export function readPostmaster(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * The server that runs on this data folder. After a power cut its pid may belong to a stranger, whom Postgres would take for
 * a running server and refuse to start: nobody listening on its port gives the note away as a left-over.
 */
export async function findRunning(data: string): Promise<Postmaster | undefined> {
  const postmaster = readPostmaster(data);
  if (!postmaster) return undefined;
  const isStranger = async () => postmaster.ready && (await isPortFree(postmaster.port));
  if (processBeginning(postmaster.pid) && !(await isStranger())) return postmaster;
  // Where nobody has that pid Postgres needs the note: it names the memory that sessions of a killed server may still use.
  if (hasProcess(postmaster.pid)) rmSync(join(data, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Asks for a fast shutdown, then insists. Its note disappears last, also where nobody reaps orphaned processes. */
export async function stopPostmaster(data: string): Promise<void> {
  const postmaster = await findRunning(data);
  if (!postmaster) return;
  process.kill(postmaster.pid, 'SIGINT');
  const insistAt = Date.now() + 6000;
  let insisted = false;
  while (readPostmaster(data)?.pid === postmaster.pid && processBeginning(postmaster.pid)) {
    if (!insisted && Date.now() > insistAt) {
      process.kill(postmaster.pid, 'SIGQUIT');
      insisted = true;
    }
    await delay(15);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Hint } from '../hint.ts';
import { processBeginning } from '../processes/liveness.ts';
import { countRestarts } from '../processes/restarts.ts';
import { readPostmaster, type Postmaster } from './postmaster.ts';

const lookEveryMs = 1000;

interface Kept {
  data: string;
  log: string;
  server: Postmaster;
  /** Aborted when its end is asked for. */
  released: AbortSignal;
  /** Resolves with the server that runs then, whoever started it; with nothing when it was released meanwhile. */
  startAgain: () => Promise<Postmaster | undefined>;
  show: (line: string) => void;
}

/**
 * Looks every second: the server is nobody's child, so nobody is told of its end. Resolves after the release, rejects when
 * the server cannot be kept alive.
 */
export async function keepAlive({ data, log, server, released, startAgain, show }: Kept): Promise<void> {
  const restarts = countRestarts();
  let kept: Postmaster | undefined = server;
  while (kept) {
    await delay(lookEveryMs, undefined, { signal: released }).catch(() => undefined);
    if (released.aborted) return;
    if (readPostmaster(data)?.pid === kept.pid && processBeginning(kept.pid)) continue;
    if (!restarts.allow()) throw new Hint(`postgres stops again and again; see ${log}`);
    show(`postgres stopped unasked, starting it again on port ${kept.port} (its log: ${log}).`);
    kept = await startAgain();
  }
}

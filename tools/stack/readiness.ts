import { setTimeout as delay } from 'node:timers/promises';
import { Hint } from '../hint.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';

/** Waits until the process answers; if it ends or hangs instead, its last words are the explanation. */
export async function waitUntilReady(running: ManagedProcess, url: string, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + 90_000;
  const ended = running.exited.then(() => true);
  while (!(await answers(url, signal))) {
    signal.throwIfAborted();
    if (await Promise.race([ended, delay(50, false)])) throw explain(running, 'stopped while starting');
    if (Date.now() > giveUpAt) throw explain(running, `does not answer at ${url}`);
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    // Long enough for the web app to compile its first page.
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function explain({ name, lastLines }: ManagedProcess, problem: string): Hint {
  return new Hint(
    [`${name} ${problem}. Its last lines (all in .data/logs/${name}.log):`, ...lastLines(12)].join('\n  '),
  );
}

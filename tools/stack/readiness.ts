import { setTimeout as delay } from 'node:timers/promises';
import { Hint, Interrupted } from '../hint.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';

/** Waits until the process answers; if it ends or hangs instead, its last words are the explanation. */
export async function waitUntilReady(running: ManagedProcess, url: string, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + 90_000;
  const ended = running.exited.then(() => true);
  for (;;) {
    const status = await ask(url, signal);
    if (status === 200) return;
    if (signal.aborted) throw new Interrupted();
    // Not ready yet is 503 or no answer at all; this is a mistake that waiting does not mend, a page that does not compile.
    if (status === 500) throw explain(running, `answers 500 at ${url}`);
    if (await Promise.race([ended, delay(50, false)])) throw explain(running, 'stopped while starting');
    if (Date.now() > giveUpAt) throw explain(running, `does not answer at ${url}`);
  }
}

async function ask(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    // Long enough for the web app to compile its first page.
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

function explain({ name, lastLines }: ManagedProcess, problem: string): Hint {
  // What a service refuses to start with, it says itself in one line.
  const [refusal] = lastLines(1);
  if (refusal?.startsWith(`${name}: `)) return new Hint(refusal);
  return new Hint(
    [`${name} ${problem}. Its last lines (all in .data/logs/${name}.log):`, ...lastLines(12)].join('\n  '),
  );
}

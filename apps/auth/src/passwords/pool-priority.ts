import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** Of -20 to 19: most others come first, and there is still progress on a machine that has no time left. */
const niceness = 15;

/**
 * Passwords are hashed in the threads of libuv's pool, a whole processor each. Where there is more work than processors,
 * they yield to the thread that answers everyone: a renewal takes a millisecond and shall not wait behind a hash. On Linux
 * a thread has a priority of its own (sched(7)); elsewhere this does nothing.
 */
export async function lowerPoolPriority(): Promise<void> {
  if (process.platform !== 'linux') return;
  // Reading the folder starts the pool, if nothing else has.
  for (const thread of await readdir('/proc/self/task')) {
    const name = await readFile(`/proc/self/task/${thread}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'libuv-worker') setPriority(Number(thread), niceness);
  }
}

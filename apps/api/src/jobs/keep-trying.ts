import { setTimeout as delay } from 'node:timers/promises';

const pause = 500;
const patience = 60_000;

/** Asks again while the failure is one that passes, up to a minute. */
export async function keepTrying<Answer>(
  ask: () => Promise<Answer>,
  { signal, when }: { signal?: AbortSignal; when: (error: unknown) => boolean },
): Promise<Answer> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!when(error) || signal?.aborted || Date.now() > deadline) throw error;
      await delay(pause, undefined, signal ? { signal } : {});
    }
  }
}

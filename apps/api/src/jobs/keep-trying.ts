import { setTimeout as delay } from 'node:timers/promises';

const pause = 500;

export interface Patience {
  readonly signal?: AbortSignal;
  readonly when: (error: unknown) => boolean;
  /** Milliseconds, a minute unless told. */
  readonly patience?: number | undefined;
}

/** Asks again while the failure is one that passes, and patience lasts. */
export async function keepTrying<Answer>(
  ask: () => Promise<Answer>,
  { signal, when, patience = 60_000 }: Patience,
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

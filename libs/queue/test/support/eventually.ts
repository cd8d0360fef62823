import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer comes, as every client of a store that is just coming back has to. The test's time-out is the limit. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await delay(25);
  }
}

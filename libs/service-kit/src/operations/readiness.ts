export type Check = () => Promise<unknown>;

export interface Readiness {
  /** The names of the checks that fail now; empty when ready. */
  failing(): Promise<string[]>;
  /** Not ready from now on, so that no new work is sent here while the process drains. */
  stop(): void;
}

export interface ReadinessOptions {
  timeoutMs?: number;
  /** Answers are kept this long: whoever hammers /readyz must not hammer the database. */
  keepMs?: number;
}

/** Asks every dependency by name: `createReadiness({ database: () => sql\`select 1\` })`. */
export function createReadiness(
  checks: Record<string, Check>,
  { timeoutMs = 2_000, keepMs = 500 }: ReadinessOptions = {},
): Readiness {
  let stopped = false;
  let latest: { at: number; answer: Promise<string[]> } | undefined;

  async function ask(): Promise<string[]> {
    const names = Object.keys(checks);
    const results = await Promise.allSettled(Object.values(checks).map((check) => withTimeout(check, timeoutMs)));
    return names.filter((_, index) => results[index]?.status === 'rejected');
  }

  return {
    async failing() {
      if (stopped) return ['shutting down'];
      if (!latest || Date.now() - latest.at > keepMs) latest = { at: Date.now(), answer: ask() };
      return latest.answer;
    },
    stop() {
      stopped = true;
    },
  };
}

async function withTimeout(check: Check, milliseconds: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), milliseconds);
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

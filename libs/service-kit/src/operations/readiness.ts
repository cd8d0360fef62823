import type { FastifyBaseLogger } from 'fastify';

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
  /** Hears why a check fails, once per change. */
  log?: FastifyBaseLogger;
}

/** Asks every dependency by name: `createReadiness({ database: () => sql\`select 1\` })`. */
export function createReadiness(
  checks: Record<string, Check>,
  { timeoutMs = 2_000, keepMs = 500, log }: ReadinessOptions = {},
): Readiness {
  let stopped = false;
  let latest: { at: number; answer: Promise<string[]> } | undefined;
  let reported = '';

  async function ask(): Promise<string[]> {
    const names = Object.keys(checks);
    const results = await Promise.allSettled(Object.values(checks).map((check) => withTimeout(check, timeoutMs)));
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ name: names[index] ?? '', err: result.reason as unknown }] : [],
    );
    const failing = failures.map(({ name }) => name);
    if (failing.join() !== reported) {
      for (const { name, err } of failures) log?.warn({ err, check: name }, 'not ready');
      if (failing.length === 0) log?.info('ready again');
      reported = failing.join();
    }
    return failing;
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

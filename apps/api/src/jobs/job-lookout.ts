import type { Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { jobEventsMessage } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { JobEventsStore, JobStanding } from './job-events.store.ts';

export interface JobLookoutOptions {
  readonly events: Pick<JobEventsStore, 'standing'>;
  readonly topics: Topics;
  readonly logger: Pick<FastifyBaseLogger, 'warn'>;
  /** Milliseconds between two looks at all jobs that are watched, and between two strokes of the clock. */
  readonly every?: number;
  readonly tick?: number;
}

/** Who watches a job. Everything may be said more than once. */
export interface Watcher {
  /** Events up to this number can be read. */
  reached(seq: number): void;
  /** How it stands by its row. */
  found(standing: JobStanding): void;
  /** The job was deleted. */
  gone(): void;
  /** Some time has passed. */
  ticked(): void;
}

export interface JobLookout {
  /** From now on the watcher hears of the job; returns how to stop that. */
  watch(jobId: string, watcher: Watcher): () => void;
  /** Does not wait for the next look at everything. */
  lookSoon(jobId: string): void;
}

/**
 * Keeps an eye on all jobs that are watched in this process, so that a thousand open streams cost one subscription, one clock
 * and one statement every two seconds. That look finds the places in line, what lost messages would have told, and jobs that
 * were deleted. Nothing runs while nobody watches.
 */
export function createJobLookout(options: JobLookoutOptions): JobLookout {
  const { events, topics, logger, every = 2_000, tick = 1_000 } = options;
  const watched = new Map<string, Set<Watcher>>();
  const wanted = new Set<string>();
  let looking = false;
  let stop: (() => void) | undefined;

  function each(jobId: string, tell: (watcher: Watcher) => void): void {
    watched.get(jobId)?.forEach(tell);
  }

  function lookAtAll(): void {
    for (const jobId of watched.keys()) wanted.add(jobId);
    void look();
  }

  /** One look at a time: who asks meanwhile is in the next one. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    while (wanted.size > 0) {
      const jobIds = [...wanted];
      wanted.clear();
      try {
        report(jobIds, await events.standing(jobIds));
      } catch (error) {
        // The next look asks for all of them again.
        logger.warn({ err: error }, 'the jobs that are watched could not be looked at');
      }
    }
    looking = false;
  }

  function report(jobIds: string[], standings: Awaited<ReturnType<typeof events.standing>>): void {
    const missing = new Set(jobIds);
    for (const standing of standings) {
      missing.delete(standing.jobId);
      each(standing.jobId, (watcher) => watcher.found(standing));
    }
    for (const jobId of missing) each(jobId, (watcher) => watcher.gone());
  }

  function hear(message: unknown, topic: string): void {
    const jobId = topic.slice(topic.indexOf('.') + 1);
    if (!watched.has(jobId)) return;
    const { seq } = jobEventsMessage.parse(message);
    each(jobId, (watcher) => watcher.reached(seq));
  }

  function start(): () => void {
    const unsubscribe = topics.subscribe(topicNames.jobEvents('*'), hear, lookAtAll);
    const looks = setInterval(lookAtAll, every);
    const clock = setInterval(() => watched.forEach((_, jobId) => each(jobId, (watcher) => watcher.ticked())), tick);
    return () => {
      unsubscribe();
      clearInterval(looks);
      clearInterval(clock);
    };
  }

  return {
    watch(jobId, watcher) {
      stop ??= start();
      const watchers = watched.get(jobId) ?? new Set();
      watched.set(jobId, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watched.get(jobId) === watchers) watched.delete(jobId);
        if (watched.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    lookSoon(jobId) {
      wanted.add(jobId);
      void look();
    },
  };
}

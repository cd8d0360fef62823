import { createCounters } from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { type Requester } from '../http/requester.ts';
import { type AuthMetrics, type RefusalEvent } from '../metrics.ts';
import { type AuditStore, type NewAuditEvent } from './audit.store.ts';

export interface Refusal extends NewAuditEvent {
  readonly event: RefusalEvent;
  /** Who was refused, and what for where that is a limit: has one row a minute. */
  readonly subject: string;
  /** Those among whom nobody can tell how many there are: they share a few rows a minute. */
  readonly crowd: string;
}

export interface RefusalsOptions {
  readonly store: Pick<AuditStore, 'insert'>;
  readonly metrics: Pick<AuthMetrics, 'countRefusal'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  /** Milliseconds; tests move it. */
  readonly now?: () => number;
}

export type Refusals = ReturnType<typeof createRefusals>;

/** A minute. */
const rowsOfSubject = 1;
const rowsOfCrowd = 10;

/**
 * Brings into the audit trail what anyone can cause as often as they like. So that nobody fills the trail by it, what is
 * one too many is dropped here, before the database hears of it, and only counted.
 */
export function createRefusals({ store, metrics, log, ...clock }: RefusalsOptions) {
  // Of this process alone: nobody waits for Redis, and twice the rows from two copies do no harm.
  const counters = createCounters(clock);
  const writing = new Set<Promise<void>>();

  function hasRoom(kind: string, max: number, key: string): boolean {
    return counters.hit({ name: kind, max, windowSeconds: 60 }, key).hits <= max;
  }

  async function write(refusal: NewAuditEvent & { event: RefusalEvent }, requester: Requester): Promise<void> {
    const { event } = refusal;
    try {
      await store.insert(refusal, requester);
      metrics.countRefusal(event, 'written');
    } catch (err) {
      metrics.countRefusal(event, 'failed');
      log.warn({ err, event }, 'a refusal could not be written into the audit trail');
    }
  }

  return {
    /** Returns at once and never throws: the one who is refused waits for nothing and notices nothing. */
    record({ subject, crowd, ...refusal }: Refusal, requester: Requester): void {
      const { event } = refusal;
      if (!hasRoom(`${event}:subject`, rowsOfSubject, subject) || !hasRoom(`${event}:crowd`, rowsOfCrowd, crowd)) {
        metrics.countRefusal(event, 'spared');
        return;
      }
      const written = write(refusal, requester).finally(() => writing.delete(written));
      writing.add(written);
    },

    /** Resolves when everything that was recorded is written, or could not be. */
    async settled(): Promise<void> {
      await Promise.all(writing);
    },
  };
}

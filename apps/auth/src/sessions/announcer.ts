import { type Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { type SessionRevokedMessage } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../metrics.ts';
import { type EndedSession } from './sessions.store.ts';

/** Tells everyone who verifies tokens that these sessions are over. */
export type AnnounceEnds = (sessions: readonly EndedSession[]) => Promise<void>;

export interface AnnouncerOptions {
  readonly topics: Topics;
  readonly metrics: Pick<AuthMetrics, 'countFailedAnnouncement'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** Messages under way at a time: when everybody is signed out, the store is not asked everything at once. */
const batch = 100;

/** The ends are committed by then. Whoever misses a message learns it when reconciling, so a failure is only logged. */
export function createAnnouncer({ topics, metrics, log }: AnnouncerOptions): AnnounceEnds {
  async function announce({ sessionId, userId, reason }: EndedSession): Promise<void> {
    const message: SessionRevokedMessage = { sid: sessionId, sub: userId, reason };
    try {
      await topics.publish(topicNames.sessionRevoked(sessionId), message);
    } catch (err) {
      metrics.countFailedAnnouncement();
      log.warn({ err, sessionId }, 'the end of a session could not be announced');
    }
  }

  return async (sessions) => {
    for (let from = 0; from < sessions.length; from += batch)
      await Promise.all(sessions.slice(from, from + batch).map(announce));
  };
}

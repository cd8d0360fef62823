import { type Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { type SessionRevokedMessage } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../metrics.ts';
import { type EndedSession } from './sessions.store.ts';

/** Tells everyone who verifies tokens that a session is over. */
export type AnnounceEnd = (session: EndedSession) => Promise<void>;

export interface AnnouncerOptions {
  readonly topics: Topics;
  readonly metrics: Pick<AuthMetrics, 'countFailedAnnouncement'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** The end is committed by then. Whoever misses the message learns it when reconciling, so a failure is only logged. */
export function createAnnouncer({ topics, metrics, log }: AnnouncerOptions): AnnounceEnd {
  return async ({ sessionId, userId, reason }) => {
    const message: SessionRevokedMessage = { sid: sessionId, sub: userId, reason };
    try {
      await topics.publish(topicNames.sessionRevoked(sessionId), message);
    } catch (err) {
      metrics.countFailedAnnouncement();
      log.warn({ err, sessionId }, 'the end of a session could not be announced');
    }
  };
}

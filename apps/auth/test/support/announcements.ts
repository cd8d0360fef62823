import { topics } from '@alva/shared-types';
import { type SessionRevokedMessage } from '@alva/validation';
import { type Auth } from './auth.ts';

export interface Announcements {
  /** Resolves once the end of this session was announced, with the reason; rejects when nobody says so for long. */
  endOf(sessionId: string): Promise<string>;
}

/** Far more than the second that is promised, so that a loaded machine fails no test that an unloaded one passes. */
const patienceMs = 10_000;

/** Listens as verifiers do, from now on. */
export function hearEnds({ resources }: Auth): Announcements {
  const heard = new Map<string, PromiseWithResolvers<string>>();
  const entry = (sessionId: string) => {
    const known = heard.get(sessionId) ?? Promise.withResolvers<string>();
    heard.set(sessionId, known);
    return known;
  };
  resources.queues.topics.subscribe(topics.sessionRevoked('*'), (message) => {
    const { sid, reason } = message as SessionRevokedMessage;
    entry(sid).resolve(reason);
  });
  return {
    endOf(sessionId) {
      const { promise, reject } = entry(sessionId);
      const timer = setTimeout(() => reject(new Error(`The end of ${sessionId} was not announced`)), patienceMs);
      return promise.finally(() => clearTimeout(timer));
    },
  };
}

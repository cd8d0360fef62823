import type { Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { mostSids, revocationList, sessionRevokedMessage, type RevocationList } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { EndedSessionsObserver } from './ended-sessions-metrics.ts';
import type { JobsService } from './jobs.service.ts';
import type { JobsStore } from './jobs.store.ts';

export interface EndedSessionsOptions {
  /** Address of auth's list of revocations. */
  readonly uri: string;
  readonly store: Pick<JobsStore, 'unfinishedSessions'>;
  readonly jobs: Pick<JobsService, 'cancelSession'>;
  readonly topics: Topics;
  readonly observer: EndedSessionsObserver;
  readonly logger: FastifyBaseLogger;
  /** Milliseconds between two looks at the list. */
  readonly every?: number;
}

export interface EndedSessions {
  /** Resolves after the first look at the list, whatever came of it. */
  readonly firstLook: Promise<void>;
  /** Whether the session is known to have ended for cause. */
  has(sessionId: string): boolean;
  stop(): Promise<void>;
}

const timeout = 2_500;
/** A job is committed moments after its token was checked, so for this long a session that ended may still bring one. */
const remembered = 3_600_000;

/**
 * Cancels the jobs of sessions that ended for cause: on each message, and, because messages are missed and processes start
 * late, by auth's list at start, when messages are heard again, and every 30 s. An ordinary sign-out leaves the work running.
 */
export function watchEndedSessions(options: EndedSessionsOptions): EndedSessions {
  const { uri, store, jobs, topics, observer, logger, every = 30_000 } = options;
  const endedAt = new Map<string, number>();
  /** Seconds that the list reaches back, as auth says with each. */
  let window = 0;

  async function look(): Promise<void> {
    forgetOld();
    const unfinished = await store.unfinishedSessions();
    if (unfinished.length === 0) return;
    learn(await fetchList());
    // Sessions that have waited for longer may have ended before what the list reaches back to.
    const waiting = unfinished.filter(({ since }) => Date.now() - since.getTime() > window * 500);
    for (let from = 0; from < waiting.length; from += mostSids) {
      learn(await fetchList(waiting.slice(from, from + mostSids).map(({ sessionId }) => sessionId)));
    }
    // Read again: jobs that were committed meanwhile may have begun before their session was known to be over.
    for (const { sessionId } of await store.unfinishedSessions()) {
      if (endedAt.has(sessionId)) await jobs.cancelSession(sessionId);
    }
  }

  async function fetchList(sids?: string[]): Promise<RevocationList> {
    const address = sids ? `${uri}?sid=${sids.join(',')}` : uri;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (!response.ok) throw new Error(`${uri} answered ${response.status}`);
    return revocationList.parse(await response.json());
  }

  function learn(list: RevocationList): void {
    window = list.window;
    for (const { sid, reason } of list.sessions) if (reason === 'revoked') remember(sid);
  }

  function remember(sessionId: string): void {
    endedAt.set(sessionId, Date.now());
  }

  function forgetOld(): void {
    for (const [sessionId, at] of endedAt) if (Date.now() - at > remembered) endedAt.delete(sessionId);
  }

  // One look after the other: a look that is asked for begins after whatever made it necessary.
  let current = Promise.resolve();
  let waiting = 0;
  function lookAgain(): Promise<void> {
    if (waiting > 1) return current;
    waiting += 1;
    current = current
      .then(look)
      .then(() => observer.succeeded())
      .catch((error: unknown) => {
        observer.failed();
        logger.warn({ err: error }, 'which sessions ended could not be learned');
      })
      .finally(() => (waiting -= 1));
    return current;
  }

  const unsubscribe = topics.subscribe(
    topicNames.sessionRevoked('*'),
    async (message) => {
      const { sid, reason } = sessionRevokedMessage.parse(message);
      if (reason === 'signed-out') return;
      remember(sid);
      await jobs.cancelSession(sid);
    },
    lookAgain,
  );
  const timer = setInterval(() => void lookAgain(), every);

  return {
    firstLook: lookAgain(),
    has: (sessionId) => endedAt.has(sessionId),
    async stop() {
      unsubscribe();
      clearInterval(timer);
      await current;
    },
  };
}

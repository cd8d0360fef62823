import { createHash } from 'node:crypto';
import { type Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { sessionRevokedMessage, type RevocationList } from '@alva/validation';
import { revokedFrame } from './revocation-stream.ts';
import { type EndedRow, type RevocationsStore } from './revocations.store.ts';
import { shareReads } from './shared-read.ts';

export interface RevocationsOptions {
  readonly store: RevocationsStore;
  readonly topics: Topics;
  /** Of access tokens, in seconds. */
  readonly tokenLifetime: number;
}

/** Seconds by which clocks may differ, on either side, and an end may be committed after its own time. */
const margin = 90;

export type Revocations = ReturnType<typeof createRevocations>;

/** What verifiers have to know: whose tokens to refuse although they have not expired. */
export function createRevocations({ store, topics, tokenLifetime }: RevocationsOptions) {
  const window = tokenLifetime + margin;

  const followers = new Set<{ onEnd: (frame: string) => void; onGap: () => void }>();

  let unsubscribe = () => {};

  /** Once for all who follow: a thousand streams are to cost one reading of each message. */
  function listen(): () => void {
    return topics.subscribe(
      topicNames.sessionRevoked('*'),
      (message) => {
        const { sid, reason } = sessionRevokedMessage.parse(message);
        // Heard within moments of the commit; verifiers only need to know how long to remember it.
        const endedAt = new Date().toISOString();
        const frame = revokedFrame({ sid, endedAt, reason: reason === 'signed-out' ? reason : 'revoked' });
        for (const { onEnd } of followers) onEnd(frame);
      },
      () => followers.forEach(({ onGap }) => onGap()),
    );
  }

  const describe = (rows: readonly EndedRow[]): RevocationList => ({
    window,
    sessions: rows.map(({ sid, endedAt, ordinary }) => ({
      sid,
      endedAt: new Date(endedAt).toISOString(),
      reason: ordinary ? 'signed-out' : 'revoked',
    })),
  });

  return {
    /** What ended within the window, as it is sent to all who ask, with its strong validator. */
    published: shareReads(async () => {
      const body = JSON.stringify(describe(await store.ofLate(window)));
      return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
    }),

    /** Which of these sessions have ended, whenever that was. */
    among: async (sids: readonly string[]): Promise<RevocationList> => describe(await store.among(sids)),

    /**
     * Calls back, with the event as it is sent, for every session that ends from now on, and when some may have been missed.
     * Returns how to stop.
     */
    follow(onEnd: (frame: string) => void, onGap: () => void): () => void {
      const follower = { onEnd, onGap };
      if (followers.size === 0) unsubscribe = listen();
      followers.add(follower);
      return () => {
        followers.delete(follower);
        if (followers.size === 0) unsubscribe();
      };
    },
  };
}

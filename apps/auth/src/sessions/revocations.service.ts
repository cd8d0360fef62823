import { type Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { sessionRevokedMessage, type RevocationList } from '@alva/validation';
import { revokedFrame } from './revocation-stream.ts';
import { type RevocationsStore } from './revocations.store.ts';
import { shareReads } from './shared-read.ts';

export interface RevocationsOptions {
  readonly store: RevocationsStore;
  readonly topics: Topics;
  /** Of access tokens, in seconds. */
  readonly tokenLifetime: number;
}

/** Seconds by which clocks may differ, on either side, and an end may be committed after its own time. */
const margin = 90;

/**
 * Bytes of new lists a second, at most, and milliseconds that nobody waits longer for a list because of that. Whoever stops
 * reading keeps the list they were given until they are hung up on; so all of them together keep what was written meanwhile,
 * and not more.
 */
const writtenPerSecond = 4_000_000;
const longestRestMs = 1_000;

/** The list as it is sent: one buffer, which all who read it share. */
export interface PublishedRevocations {
  readonly body: Buffer;
  /** A strong validator. */
  readonly etag: string;
}

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

  let latest = { digest: '', etag: '', body: Buffer.alloc(0) };

  /** Written anew only when it has changed. */
  async function publish(): Promise<PublishedRevocations> {
    const { digest, sessions } = await store.ofLate(window, latest.digest);
    if (sessions !== null) {
      const body = Buffer.from(`{"window":${window},"sessions":${sessions}}`);
      latest = { digest, etag: `"${window}-${digest.slice(0, 32)}"`, body };
    }
    return latest;
  }

  const restAfter = (list: PublishedRevocations, before: PublishedRevocations | undefined): number =>
    list === before ? 0 : Math.min(longestRestMs, (list.body.length / writtenPerSecond) * 1000);

  return {
    /** What ended within the window, as it is sent to all who ask, with its strong validator. */
    published: shareReads(publish, restAfter),

    /** Which of these sessions have ended, whenever that was. */
    among: async (sids: readonly string[]): Promise<RevocationList> => ({
      window,
      sessions: await store.among(sids),
    }),

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

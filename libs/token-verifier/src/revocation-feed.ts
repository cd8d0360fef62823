import { clockSkew } from './claims.ts';
import type { Fetch } from './fetch-document.ts';
import type { Schedule } from './pauses.ts';
import type { RevocationList } from './revocation-document.ts';
import { createRevocationPoll } from './revocation-poll.ts';
import { createRevocationStream } from './revocation-stream.ts';
import type { RevokedSessions } from './revoked-sessions.ts';

export interface RevocationFeedOptions {
  readonly revoked: RevokedSessions;
  /** Address of the list, or false where nobody is to be asked. */
  readonly uri: string | false;
  /** Whether to follow the stream beside the list as well. */
  readonly follow: boolean;
  /** Of tokens, in seconds. */
  readonly maximumLifetime: number;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly onFailed: (error: unknown) => void;
}

export type RevocationFeed = ReturnType<typeof createRevocationFeed>;

/** Brings what the issuer publishes, and what others heard, into the set of revoked sessions. */
export function createRevocationFeed({ revoked, uri, follow, maximumLifetime, ...options }: RevocationFeedOptions) {
  const { fetch, now, schedule, onFailed } = options;
  /** How long tokens of an ended session may live on, in seconds; until the issuer says so, as long as any may. */
  let window: number | undefined;
  let confirmedAt: number | undefined;
  let waiting: Promise<void> | undefined;

  function revoke(sid: string, endedAt: number): void {
    revoked.add(sid, endedAt, (Math.min(window ?? Infinity, maximumLifetime) + 2 * clockSkew) * 1000);
  }

  function adopt(list: RevocationList): void {
    // A shorter lifetime does not shorten the lives of tokens that were issued before.
    window = Math.max(list.window, window ?? 0);
    for (const { sid, endedAt } of list.sessions) revoke(sid, endedAt);
    confirm();
  }

  function confirm(): void {
    revoked.sweep();
    confirmedAt = now();
  }

  const source = { fetch, schedule, adopt, onFailed };
  const poll = uri === false ? undefined : createRevocationPoll({ ...source, uri, onUnchanged: confirm });
  const stream =
    uri === false || !follow
      ? undefined
      : createRevocationStream({
          ...source,
          uri: `${uri}/events`,
          now,
          revoke: ({ sid, endedAt }) => revoke(sid, endedAt),
        });
  waiting = poll?.start().then(() => {
    waiting = undefined;
  });

  return {
    /** @param endedAt milliseconds since the epoch */
    revoke,

    /** Something to wait for before the set is relied on: the first try to read the list, whatever comes of it. */
    firstTry: (): Promise<void> | undefined => waiting,

    /** Whether the set has been what the issuer says at least once, or there is nobody to ask. */
    isReady: (): boolean => poll === undefined || confirmedAt !== undefined,

    /**
     * Seconds after which nobody would tell that a token's session has ended. Longer-lived tokens are left over from before the
     * lifetime was shortened, and a set that was read since may lack their sessions.
     */
    reach: (): number => window ?? Infinity,

    reconcile: async (): Promise<void> => poll?.askAnew(),

    confirmedAt: (): number | undefined => confirmedAt,
    isFollowing: (): boolean => stream?.isFollowing() ?? false,

    close(): void {
      poll?.close();
      stream?.close();
    },
  };
}

import { type ExpectedClaims, readClaims, refuseExpired, type VerifiedToken } from './claims.ts';
import { splitToken } from './compact-token.ts';
import { KeysUnavailable, TokenRejected } from './errors.ts';
import type { Fetch } from './fetch-document.ts';
import { createKeyStore } from './key-store.ts';
import { scheduleInBackground, type Schedule } from './pauses.ts';
import { createRevocationFeed } from './revocation-feed.ts';
import { createRevokedSessions } from './revoked-sessions.ts';
import { isSignedBy } from './signature.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface TokenVerifierOptions {
  /** The `iss` of acceptable tokens: the public address of auth, without a trailing slash. */
  issuer: string;
  /** The `aud` of acceptable tokens. Default `alva`, for which every installation issues its tokens. */
  audience?: string;
  /** Address of the issuer's JWK Set; may be an internal one. Default: `/.well-known/jwks.json` of the issuer. */
  jwksUri?: string;
  /**
   * Address of the issuer's list of revocations; may be an internal one. Default: `/auth/revocations` of the issuer.
   * With `false` nobody is asked, and only `revokeSession` revokes.
   */
  revocationsUri?: string | false;
  /**
   * Whether to follow the event stream beside the list, which tells of each ended session within a second. Default true;
   * turn it off where another messenger calls `revokeSession`.
   */
  followRevocations?: boolean;
  /** Tokens made to live longer (`exp - iat`, seconds) are refused. Default: a day. */
  maximumLifetime?: number;
  /** How many verified tokens to remember; 0 verifies every time. About 2 KiB each. Default 10 000. */
  cacheCapacity?: number;
  /** Hears of every failed fetch. What was fetched before goes on serving, and the fetch is repeated. */
  onFetchFailed?: (error: unknown, what: 'keys' | 'revocations') => void;
  fetch?: Fetch;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** Milliseconds on a clock that nobody sets, for how long ago something was heard. */
  uptime?: () => number;
  /** Runs something later and returns how to call it off. */
  schedule?: Schedule;
}

export interface VerifierState {
  /** How many keys verify at present. */
  readonly keys: number;
  /** Seconds since the keys were last fetched; undefined when they never were. */
  readonly keysAge: number | undefined;
  /** How many sessions are refused at present. */
  readonly revokedSessions: number;
  /** For how many sessions something is open that hears of their end. */
  readonly watchedSessions: number;
  /** Seconds since the issuer last confirmed the set of revocations; undefined when it never did. */
  readonly revocationsAge: number | undefined;
  /** Whether revocations arrive by the event stream as they happen. */
  readonly following: boolean;
}

export interface TokenVerifier {
  /**
   * Verifies an access token (RFC 9068 section 4 in the strict form of ES256 only). Answers at once whenever the keys
   * are there, which is nearly always; otherwise with a promise. Throws, or rejects with, `TokenRejected` or
   * `KeysUnavailable`; `await` treats both alike.
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>;
  /**
   * Refuses the tokens of a session from now on, until the last one has expired.
   * @param endedAt milliseconds since the epoch; now by default
   */
  revokeSession(sid: string, endedAt?: number): void;
  /**
   * Calls back when the session ends, or soon if it has ended: for whatever outlives a request, such as streams.
   * Returns how to stop listening.
   */
  onRevoked(sid: string, listener: () => void): () => void;
  /** Reads the list of revocations anew, for example after messages may have been lost. Never rejects. */
  reconcile(): Promise<void>;
  /** False until the first set of keys was fetched. */
  hasKeys(): boolean;
  /** False until keys and revocations were both had: do not send requests here yet. Once true it stays true. */
  isReady(): boolean;
  /** For gauges. */
  state(): VerifierState;
  /** Ends what goes on in the background. Tokens are still verified with what is there. */
  close(): void;
}

/** Throws a `TypeError` when `issuer` could not be the `iss` of any token. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience = 'alva', maximumLifetime = 86_400, cacheCapacity = 10_000 } = options;
  const { fetch = globalThis.fetch, now = Date.now, schedule = scheduleInBackground } = options;
  const { uptime = () => performance.now(), onFetchFailed = () => {} } = options;
  refuseBadIssuer(issuer);
  const expected: ExpectedClaims = { issuer, audience, maximumLifetime };
  const verified = createVerifiedTokens(cacheCapacity);
  const revoked = createRevokedSessions({ now, uptime });
  const keys = createKeyStore({
    jwksUri: options.jwksUri ?? `${issuer}/.well-known/jwks.json`,
    fetch,
    now,
    schedule,
    onFetchFailed: (error) => onFetchFailed(error, 'keys'),
  });
  const revocations = createRevocationFeed({
    revoked,
    uri: options.revocationsUri ?? `${issuer}/auth/revocations`,
    follow: options.followRevocations ?? true,
    maximumLifetime,
    fetch,
    now,
    schedule,
    onFailed: (error) => onFetchFailed(error, 'revocations'),
  });

  function check(token: string, at: number): VerifiedToken | Promise<VerifiedToken> {
    const remembered = verified.recall(token);
    if (remembered !== undefined && keys.holds(remembered.key)) return admit(remembered.claims, at);

    const { header, payload, signature, signed } = splitToken(token);
    const key = keys.find(header);
    if (key === undefined) return checkAfterAsking(token, payload, at);
    if (!isSignedBy(key.publicKey, signed, signature)) throw new TokenRejected('signature');
    const claims = readClaims(payload, expected, at);
    verified.remember(token, { claims, key });
    return admit(claims, at);
  }

  /** What can be refused without a key is refused before anyone is asked for keys. */
  function checkAfterAsking(token: string, payload: string, at: number) {
    readClaims(payload, expected, at);
    if (!keys.hasKeys()) throw new KeysUnavailable(keys.lastError());
    const asked = keys.askForUnknown(at);
    if (asked === undefined) throw new TokenRejected('unknown-key');
    // By then the pause for unknown keys has begun, so a key that stays unknown is refused.
    return asked.then(() => check(token, now()));
  }

  function admit(claims: VerifiedToken, at: number): VerifiedToken {
    refuseExpired(claims, at);
    if (at > (claims.iat + revocations.reach()) * 1000) throw new TokenRejected('expired');
    const { sid, sub } = claims;
    if (revoked.has(sid)) throw new TokenRejected('revoked', { sid, sub });
    return claims;
  }

  return {
    verify(token) {
      const at = now();
      const fetching = keys.freshen(at);
      const listing = revocations.firstTry();
      if (fetching === undefined && listing === undefined) return check(token, at);
      return Promise.all([fetching, listing]).then(() => check(token, now()));
    },
    revokeSession: (sid, endedAt = now()) => revocations.revoke(sid, endedAt),
    onRevoked: (sid, listener) => revoked.onRevoked(sid, listener),
    reconcile: () => revocations.reconcile(),
    hasKeys: () => keys.hasKeys(),
    isReady: () => keys.hasKeys() && revocations.isReady(),
    state() {
      const at = now();
      const secondsSince = (moment: number | undefined) => (moment === undefined ? undefined : (at - moment) / 1000);
      return {
        keys: keys.count(),
        keysAge: secondsSince(keys.fetchedAt()),
        revokedSessions: revoked.size(),
        watchedSessions: revoked.watched(),
        revocationsAge: secondsSince(revocations.confirmedAt()),
        following: revocations.isFollowing(),
      };
    },
    close() {
      keys.close();
      revocations.close();
    },
  };
}

/** A slip here would refuse every token, or fetch keys from somewhere else, so it is said at once. */
function refuseBadIssuer(issuer: string): void {
  const protocol = URL.parse(issuer)?.protocol;
  if ((protocol !== 'http:' && protocol !== 'https:') || /[?#]|\/$/.test(issuer)) {
    throw new TypeError('issuer must be the address of auth as in the iss of its tokens, without a trailing slash');
  }
}

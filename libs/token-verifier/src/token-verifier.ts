import { clockSkew, type ExpectedClaims, readClaims, refuseExpired, type VerifiedToken } from './claims.ts';
import { splitToken } from './compact-token.ts';
import { KeysUnavailable, TokenRejected } from './errors.ts';
import { createKeyStore, type KeyStoreOptions } from './key-store.ts';
import { createRevokedSessions } from './revoked-sessions.ts';
import { isSignedBy } from './signature.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface TokenVerifierOptions {
  /** The `iss` of acceptable tokens: the public address of auth, without a trailing slash. */
  issuer: string;
  /** The `aud` of acceptable tokens. */
  audience: string;
  /** Address of the issuer's JWK Set; may be an internal one. */
  jwksUri: string;
  /** Tokens made to live longer (`exp - iat`, seconds) are refused. Revocations are remembered that long. Default: a day. */
  maximumLifetime?: number;
  /** How many verified tokens to remember; 0 verifies every time. About 2 KiB each. Default 10 000. */
  cacheCapacity?: number;
  /** Hears of every failed fetch of the keys. */
  onFetchFailed?: KeyStoreOptions['onFetchFailed'];
  fetch?: KeyStoreOptions['fetch'];
  /** Milliseconds since the epoch. */
  now?: KeyStoreOptions['now'];
  schedule?: KeyStoreOptions['schedule'];
}

export interface TokenVerifier {
  /**
   * Verifies an access token (RFC 9068 section 4 in the strict form of ES256 only). Answers at once whenever the keys
   * are there, which is nearly always; otherwise with a promise. Throws, or rejects with, `TokenRejected` or
   * `KeysUnavailable`; `await` treats both alike.
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>;
  /**
   * Refuses the tokens of a session from now on.
   * @param until milliseconds since the epoch; by default until the last token it can have has expired
   */
  revokeSession(sid: string, until?: number): void;
  /** False until the first set of keys was fetched: the service is not ready. */
  hasKeys(): boolean;
  /** Ends the background fetches. */
  close(): void;
}

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { now = Date.now, maximumLifetime = 86_400, cacheCapacity = 10_000 } = options;
  const expected: ExpectedClaims = { issuer: options.issuer, audience: options.audience, maximumLifetime };
  const revocationTime = (maximumLifetime + 2 * clockSkew) * 1000;
  const verified = createVerifiedTokens(cacheCapacity);
  const revoked = createRevokedSessions(now);
  const keys = createKeyStore({
    jwksUri: options.jwksUri,
    fetch: options.fetch ?? globalThis.fetch,
    now,
    schedule: options.schedule ?? scheduleInBackground,
    onFetchFailed: options.onFetchFailed ?? (() => {}),
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
    if (revoked.has(claims.sid, at)) throw new TokenRejected('revoked');
    return claims;
  }

  return {
    verify(token) {
      const at = now();
      const fetching = keys.freshen(at);
      return fetching === undefined ? check(token, at) : fetching.then(() => check(token, now()));
    },
    revokeSession: (sid, until = now() + revocationTime) => revoked.add(sid, until),
    hasKeys: keys.hasKeys,
    close: () => keys.close(),
  };
}

/** Never keeps a process alive. */
function scheduleInBackground(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds).unref();
  return () => clearTimeout(timer);
}

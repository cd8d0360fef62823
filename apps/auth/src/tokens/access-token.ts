import { randomBytes, sign, verify } from 'node:crypto';
import { type AuthenticationMethod, type Role } from '@alva/shared-types';
import { accessTokenAudience, accessTokenClaims, type AccessTokenClaims } from '@alva/validation';
import { type KeyRing } from './key-ring.ts';
import { judgeUnknownHeader } from './token-header.ts';

export interface AccessTokenSubject {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly amr: readonly AuthenticationMethod[];
  /** Milliseconds since 1970. */
  readonly authenticatedAt: number;
  /** Seconds until the session's absolute end, which no token outlives. */
  readonly endsIn: number;
}

export type IssueAccessToken = (subject: AccessTokenSubject) => { accessToken: string; expiresIn: number };

export interface AccessTokens {
  /**
   * Takes hold of the key that signs now. To be called before anything is spent for the token. Throws `keys-unavailable`
   * where this copy cannot sign.
   */
  prepare(): IssueAccessToken;
  /** The claims of a token that is one of ours and current; of others what is wrong with them. */
  verify(token: string): Promise<Verdict>;
}

export type Verdict =
  { readonly claims: AccessTokenClaims } | { readonly claims?: undefined; readonly refusal: TokenRefusal };

/** Why a token was refused, for the log: the words that `@alva/token-verifier` has for the same. */
export type TokenRefusal =
  | 'missing'
  | 'repeated-header'
  | 'malformed'
  | 'header'
  | 'unknown-key'
  | 'signature'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked';

export interface AccessTokensOptions {
  readonly keyRing: KeyRing;
  readonly issuer: string;
  /** Seconds. */
  readonly lifetime: number;
  readonly now?: () => number;
}

/** Seconds by which the clocks of two machines may differ. */
const skew = 30;

// node:crypto in one call with a cached key takes half the time of a JOSE library; ieee-p1363 is how JWS writes signatures.
const dsaEncoding = 'ieee-p1363';

export function createAccessTokens({ keyRing, issuer, lifetime, now = Date.now }: AccessTokensOptions): AccessTokens {
  return {
    prepare() {
      const { header, privateKey } = keyRing.current();
      return ({ userId, sessionId, email, roles, amr, authenticatedAt, endsIn }) => {
        const issuedAt = Math.floor(now() / 1000);
        const expiresIn = Math.max(1, Math.min(lifetime, endsIn));
        const claims: AccessTokenClaims = {
          iss: issuer,
          aud: accessTokenAudience,
          sub: userId,
          sid: sessionId,
          jti: randomBytes(12).toString('base64url'),
          iat: issuedAt,
          exp: issuedAt + expiresIn,
          email,
          roles: [...roles],
          amr: [...amr],
          auth_time: Math.floor(authenticatedAt / 1000),
          type: 'access',
        };
        const content = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
        const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding });
        return { accessToken: `${content}.${signature.toString('base64url')}`, expiresIn };
      };
    },

    async verify(token) {
      const [header = '', payload, signature, ...rest] = token.split('.');
      if (payload === undefined || signature === undefined || rest.length > 0 || token.length > 4096)
        return { refusal: 'malformed' };
      // We write headers in one way only: matching the whole segment pins algorithm, type and key at once.
      const key = await keyRing.find(header);
      if (!key) return { refusal: judgeUnknownHeader(header) };
      const bytes = Buffer.from(signature, 'base64url');
      if (bytes.toString('base64url') !== signature) return { refusal: 'malformed' };
      if (!verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding }, bytes))
        return { refusal: 'signature' };
      const { data: claims } = accessTokenClaims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      if (!claims) return { refusal: 'claims' };
      if (claims.iss !== issuer) return { refusal: 'issuer' };
      if (claims.aud !== accessTokenAudience) return { refusal: 'audience' };
      const time = now() / 1000;
      if (claims.iat - skew > time) return { refusal: 'not-yet-valid' };
      return claims.exp + skew > time ? { claims } : { refusal: 'expired' };
    },
  };
}

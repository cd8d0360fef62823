import { type Introspection } from '@alva/validation';
import { type PersonRow } from '../accounts/person.ts';
import { hashSecret, isSecret } from '../secrets/secret.ts';
import { type SessionsStore } from '../sessions/sessions.store.ts';
import { type AccessTokens } from './access-token.ts';
import { type IntrospectStore } from './introspect.store.ts';

export interface IntrospectorOptions {
  readonly accessTokens: AccessTokens;
  readonly sessions: Pick<SessionsStore, 'findPerson'>;
  readonly store: IntrospectStore;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

export type Introspector = ReturnType<typeof createIntrospector>;

/** Tells services about a token (RFC 7662). Asking changes nothing, whatever is asked about. */
export function createIntrospector({ accessTokens, sessions, store, issuer, now = Date.now }: IntrospectorOptions) {
  async function ofAccessToken(token: string): Promise<Introspection | undefined> {
    const { claims } = await accessTokens.verify(token);
    // Verifiers allow for clocks that differ; we are the clock.
    if (!claims || claims.exp * 1000 <= now()) return undefined;
    const person = await sessions.findPerson(claims.sid);
    if (person?.id !== claims.sub) return undefined;
    const { iss, aud, sid, jti, amr, auth_time, iat, exp } = claims;
    return { active: true, token_type: 'Bearer', iss, aud, sid, jti, amr, auth_time, iat, exp, ...subjectOf(person) };
  }

  async function ofRefreshToken(token: string): Promise<Introspection | undefined> {
    const found = await store.findUsable(hashSecret(token));
    return (
      found && {
        active: true,
        token_type: 'refresh_token',
        iss: issuer,
        // Nobody but auth itself takes it.
        aud: issuer,
        sid: found.sessionId,
        amr: found.amr,
        auth_time: toSeconds(found.authenticatedAt),
        iat: toSeconds(found.issuedAt),
        exp: toSeconds(found.usableUntil),
        ...subjectOf(found.person),
      }
    );
  }

  /** What a token is shows in its form, so nobody has to hint at it, or can mislead. */
  return async function introspect(token: string): Promise<Introspection> {
    return (await (isSecret(token) ? ofRefreshToken(token) : ofAccessToken(token))) ?? { active: false };
  };
}

/** As the account is now, not as it was when the token was issued. */
function subjectOf({ id, email, roles }: PersonRow) {
  return { sub: id, username: email, scope: roles.join(' ') };
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

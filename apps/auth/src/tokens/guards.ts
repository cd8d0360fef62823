import { ProblemError, type Identifiers } from '@alva/service-kit';
import { type Role } from '@alva/shared-types';
import { type AccessTokenClaims } from '@alva/validation';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type PersonRow } from '../accounts/person.ts';
import { type SessionsStore } from '../sessions/sessions.store.ts';
import { type AccessTokens, type TokenRefusal, type Verdict } from './access-token.ts';

/** Who is signed in, as the database knows them at this moment. */
export interface Caller {
  readonly sessionId: string;
  readonly claims: AccessTokenClaims;
  readonly person: PersonRow;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Reading it where no guard is installed is a mistake and throws. */
    readonly caller: Caller;
  }
}

export interface GuardParts {
  readonly accessTokens: AccessTokens;
  readonly sessions: Pick<SessionsStore, 'findPerson'>;
}

const knownCaller = Symbol('caller');
type GuardedRequest = FastifyRequest & { [knownCaller]: Caller | null };

/**
 * Guards every route of this scope: a request without the access token of an open session goes no further. Other services
 * rely on the token and the messages about ended sessions; here the session itself is at hand, so it is looked at.
 */
export function installPersonGuard(app: FastifyInstance, { accessTokens, sessions }: GuardParts): void {
  app.decorateRequest(knownCaller, null);
  app.decorateRequest('caller', {
    getter(this: FastifyRequest) {
      const caller = (this as GuardedRequest)[knownCaller];
      if (caller === null) throw new Error('request.caller was read outside a guard');
      return caller;
    },
  });
  async function admit(request: FastifyRequest, verdict: Verdict): Promise<void> {
    if (!verdict.claims) throw refused(verdict.refusal);
    const { claims } = verdict;
    const person = await sessions.findPerson(claims.sid);
    if (!person) throw refused('revoked', { sid: claims.sid, sub: claims.sub });
    (request as GuardedRequest)[knownCaller] = { sessionId: claims.sid, claims, person };
    request.identify({ sid: claims.sid, sub: person.id });
  }
  app.addHook('onRequest', async (request) => admit(request, await accessTokens.verify(bearerToken(request))));
  // A body can be held back for seconds, and meanwhile the session may end or the role go: then what was seen counts no more.
  app.addHook('preHandler', async (request) => {
    if (hasBody(request)) await admit(request, { claims: request.caller.claims });
  });
}

/**
 * Inside a scope that knows its caller: only for people with this role. The account's present roles count, not those of
 * the token, so a role that was taken away is gone at once.
 */
export function installRoleGuard(app: FastifyInstance, role: Role): void {
  const check = async ({ caller }: FastifyRequest) => {
    if (!caller.person.roles.includes(role)) throw new ProblemError('forbidden');
  };
  app.addHook('onRequest', check);
  app.addHook('preHandler', check);
}

/** Seconds after showing who one is in which one may do what cannot be undone. */
const recently = 600;

/**
 * Inside a scope that knows its caller: only soon after they showed who they are (`auth_time`), by signing in or by
 * `POST /auth/step-up`. Throws `step-up-required`, which names the age that is too old as `maxAge` in seconds (in the
 * manner of RFC 9470, section 3).
 */
export function installStepUpGuard(
  app: FastifyInstance,
  { now = Date.now }: { now?: (() => number) | undefined },
): void {
  app.addHook('onRequest', async ({ caller }) => {
    if (now() / 1000 - caller.claims.auth_time > recently)
      throw new ProblemError('step-up-required', { extensions: { maxAge: recently } });
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** As strict as `@alva/token-verifier`: another scheme is no token, and of two headers nobody knows which one counts. */
function bearerToken({ headers: { authorization = '' }, raw }: FastifyRequest): string {
  const times = raw.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length;
  if (times > 1) throw refused('repeated-header');
  if (!/^bearer(?: |$)/i.test(authorization)) throw refused('missing');
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw refused('malformed');
  return token;
}

/** The reason is for the log, and so is the session of a token that was good until that ended. */
function refused(reason: TokenRefusal, session: Pick<Identifiers, 'sid' | 'sub'> = {}): ProblemError {
  return new ProblemError(reason === 'missing' ? 'authentication-required' : 'invalid-token', {
    logged: { reason, ...session },
  });
}

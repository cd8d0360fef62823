import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  FastifySchema,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerBase,
  RouteGenericInterface,
} from 'fastify';
import { bearerToken } from './bearer-token.ts';
import type { VerifiedToken } from './claims.ts';
import { KeysUnavailable, RoleRequired, TokenRejected } from './errors.ts';
import type { TokenVerifier } from './token-verifier.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Claims of the verified access token. Reading it where no guard is installed is a mistake and throws. */
    readonly token: VerifiedToken;
  }
}

export interface TokenGuardOptions<Request = FastifyRequest> {
  /** Closed together with the app. */
  verifier: Pick<TokenVerifier, 'verify' | 'close'>;
  /** Hears of every refusal, with the reason that the caller is not told. */
  onReject?: (error: TokenRejected | KeysUnavailable, request: Request) => void;
}

const verifiedToken = Symbol('verified token');
interface Guarded {
  [verifiedToken]: VerifiedToken | null;
}

/**
 * Guards every route of this scope and of those nested in it: a request without a valid access token never reaches its
 * handler, body parser or validation. The refusal goes to the scope's error handler as `TokenRejected` (401, with
 * `WWW-Authenticate` already set) or `KeysUnavailable` (503, with `Retry-After`). Fastify's own handler answers them well.
 */
export function installTokenGuard<
  Server extends RawServerBase,
  RawRequest extends RawRequestDefaultExpression<Server>,
  RawReply extends RawReplyDefaultExpression<Server>,
  Logger extends FastifyBaseLogger,
  TypeProvider extends FastifyTypeProvider,
>(
  app: FastifyInstance<Server, RawRequest, RawReply, Logger, TypeProvider>,
  options: TokenGuardOptions<FastifyRequest<RouteGenericInterface, Server, RawRequest, FastifySchema, TypeProvider>>,
): void {
  const { verifier, onReject } = options;
  app.decorateRequest(verifiedToken, null);
  app.decorateRequest('token', {
    getter(this: object) {
      const claims = (this as Guarded)[verifiedToken];
      if (claims === null) throw new Error('request.token was read outside a token guard');
      return claims;
    },
  });
  // Its event stream would keep the process alive.
  app.addHook('onClose', async () => verifier.close());

  // Callback style: with warm keys nothing here is asynchronous, and a promise per request would be felt.
  app.addHook('onRequest', (request, reply, done) => {
    const admit = (claims: VerifiedToken) => {
      (request as object as Guarded)[verifiedToken] = claims;
      done();
    };
    const refuse = (error: unknown) => {
      if (error instanceof TokenRejected) reply.header('www-authenticate', error.challenge);
      if (error instanceof KeysUnavailable) reply.header('retry-after', error.retryAfter);
      if (error instanceof TokenRejected || error instanceof KeysUnavailable) onReject?.(error, request);
      done(error as Error);
    };
    let outcome;
    try {
      outcome = verifier.verify(bearerToken(request.raw));
    } catch (error) {
      refuse(error);
      return;
    }
    if (outcome instanceof Promise) outcome.then(admit, refuse);
    else admit(outcome);
  });
}

/**
 * Inside a guarded scope: only for tokens with this role, everyone else gets `RoleRequired` (403). A role that was taken
 * away is refused once the token expires.
 */
export function installRoleGuard<
  Server extends RawServerBase,
  RawRequest extends RawRequestDefaultExpression<Server>,
  RawReply extends RawReplyDefaultExpression<Server>,
  Logger extends FastifyBaseLogger,
  TypeProvider extends FastifyTypeProvider,
>(app: FastifyInstance<Server, RawRequest, RawReply, Logger, TypeProvider>, role: string): void {
  if (!app.hasRequestDecorator('token')) throw new Error('installRoleGuard needs a scope with a token guard');
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.token.roles.includes(role)) done();
    else done(new RoleRequired(role));
  });
}

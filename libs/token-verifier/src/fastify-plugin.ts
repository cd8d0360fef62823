import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerToken } from './bearer-token.ts';
import type { VerifiedToken } from './claims.ts';
import { KeysUnavailable, TokenRejected } from './errors.ts';
import type { TokenVerifier } from './token-verifier.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Claims of the verified access token. Reading it where no guard is installed is a mistake and throws. */
    readonly token: VerifiedToken;
  }
}

export interface TokenGuardOptions {
  verifier: Pick<TokenVerifier, 'verify'>;
  /** Hears of every refusal, with the reason that the caller is not told. */
  onReject?: (error: TokenRejected | KeysUnavailable, request: FastifyRequest) => void;
}

const verifiedToken = Symbol('verified token');
type GuardedRequest = FastifyRequest & { [verifiedToken]: VerifiedToken | null };

/**
 * Guards every route of this scope and of those nested in it: a request without a valid access token never reaches its
 * handler, body parser or validation. The refusal goes to the scope's error handler as `TokenRejected` (401) or
 * `KeysUnavailable` (503), with `WWW-Authenticate` already set on a 401.
 */
export function installTokenGuard(app: FastifyInstance, { verifier, onReject }: TokenGuardOptions): void {
  app.decorateRequest(verifiedToken, null);
  app.decorateRequest('token', {
    getter(this: FastifyRequest) {
      const claims = (this as GuardedRequest)[verifiedToken];
      if (claims === null) throw new Error('request.token was read outside a token guard');
      return claims;
    },
  });

  // Callback style: with warm keys nothing here is asynchronous, and a promise per request would be felt.
  app.addHook('onRequest', (request, reply, done) => {
    const admit = (claims: VerifiedToken) => {
      (request as GuardedRequest)[verifiedToken] = claims;
      done();
    };
    const refuse = (error: unknown) => {
      if (error instanceof TokenRejected) reply.header('www-authenticate', error.challenge);
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

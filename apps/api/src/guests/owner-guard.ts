import { ProblemError, type Server } from '@alva/service-kit';
import { bearerToken, KeysUnavailable, TokenRejected, type TokenVerifier } from '@alva/token-verifier';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashGuestToken } from './guest-token.ts';
import type { GuestsStore } from './guests.store.ts';
import type { PresentOwner } from './owner.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, in a scope that lets in guests. Reading it elsewhere, or of a stranger, is a mistake and throws. */
    readonly owner: PresentOwner;
  }
}

export interface OwnerGuardOptions {
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly guests: Pick<GuestsStore, 'find'>;
  readonly onReject: (error: TokenRejected | KeysUnavailable, request: FastifyRequest) => void;
  /** Whether also those may pass who say nothing about themselves. */
  readonly strangers?: boolean;
}

const knownOwner = Symbol('owner');
interface Guarded {
  [knownOwner]?: PresentOwner;
}

/** The person or guest who asks, if it is one. */
export function ownerIfAny(request: FastifyRequest): PresentOwner | undefined {
  return (request as Guarded)[knownOwner];
}

/**
 * Guards every route of this scope: nobody reaches a handler, body parser or validation without a valid access token or a
 * guest's. Who shows both is refused, because nobody could say in whose name that was asked.
 */
export function installOwnerGuard(app: Server, options: OwnerGuardOptions): void {
  const { verifier, guests, onReject, strangers = false } = options;
  app.decorateRequest('owner', {
    getter(this: FastifyRequest) {
      const owner = ownerIfAny(this);
      if (!owner) throw new Error('request.owner was read where nobody is known');
      return owner;
    },
  });

  app.addHook('onRequest', async (request, reply) => {
    const { authorization, 'x-guest-token': guestToken } = request.headers;
    if (guestToken === undefined && authorization === undefined && strangers) return;
    if (guestToken !== undefined && authorization !== undefined) {
      const detail = 'Send an access token or a guest’s, not both.';
      throw new ProblemError('malformed-request', { detail });
    }
    const owner = guestToken === undefined ? await person(request, reply) : await guest(String(guestToken));
    (request as Guarded)[knownOwner] = owner;
    request.identify({ sub: owner.userId, ...(owner.sessionId === null ? {} : { sid: owner.sessionId }) });
  });

  async function person(request: FastifyRequest, reply: FastifyReply): Promise<PresentOwner> {
    try {
      const token = await verifier.verify(bearerToken(request.raw));
      return { userId: token.sub, sessionId: token.sid, token };
    } catch (error) {
      if (error instanceof TokenRejected) reply.header('www-authenticate', error.challenge);
      if (error instanceof KeysUnavailable) reply.header('retry-after', error.retryAfter);
      if (error instanceof TokenRejected || error instanceof KeysUnavailable) onReject(error, request);
      throw error;
    }
  }

  async function guest(token: string): Promise<PresentOwner> {
    const id = await guests.find(hashGuestToken(token));
    if (id === undefined) {
      throw new ProblemError('guest-token-invalid', { headers: { 'www-authenticate': 'Bearer' } });
    }
    return { userId: id, sessionId: null, token: null };
  }
}

import { idempotencyKey } from '@alva/validation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** Who asks for work, and under which circumstances. */
export interface Asker {
  /** A person, or a guest. */
  readonly userId: string;
  /** The session that the work may end with; null for guests, who have none. */
  readonly sessionId: string | null;
  readonly traceparent: string;
  /** The client's own name for what it wants to happen once. */
  readonly idempotencyKey: string | undefined;
}

/** What a route that creates work understands in its headers. */
export const workHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });
export type WorkHeaders = z.infer<typeof workHeaders>;

/** What a route that creates work may refuse it with, besides what is the route's own. */
export const workRefusals = ['idempotency-key-reused', 'budget-exhausted', 'service-unavailable'] as const;

type WorkRequest = Pick<FastifyRequest, 'token' | 'traceparent'> & { readonly headers: WorkHeaders };

/** The person who sent a request in the guarded scope. */
export function askerOf({ token, traceparent, headers }: WorkRequest): Asker {
  return { userId: token.sub, sessionId: token.sid, traceparent, idempotencyKey: headers['idempotency-key'] };
}

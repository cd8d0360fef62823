import cors from '@fastify/cors';
import type { Server } from './create-server.ts';

const allowedHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'traceparent',
  'x-guest-token',
  'x-request-id',
];
const exposedHeaders = [
  'Content-Disposition',
  'ETag',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

/** Pages of exactly these origins may call with credentials; everyone else gets no CORS header at all. */
export async function installCors(app: Server, { origins }: { origins: readonly string[] }): Promise<void> {
  const allowed = new Set(origins);
  await app.register(cors, {
    origin: (origin, answer) => answer(null, origin !== undefined && allowed.has(origin) ? origin : false),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    maxAge: 7200,
    // A preflight that lacks its headers gets the plain answer too; the plugin's refusal is not a problem document.
    strictPreflight: false,
  });
}

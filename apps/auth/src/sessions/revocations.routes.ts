import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { problemResponses, ProblemError, rateLimited, type Routes } from '@alva/service-kit';
import { revocationList, revocationsQuery } from '@alva/validation';
import { z } from 'zod';
import { revocationStream } from './revocation-stream.ts';
import { type Revocations } from './revocations.service.ts';

export interface RevocationRoutesOptions {
  readonly revocations: Revocations;
}

const tags = ['services'];

/** Streams that one network address, and all together, may hold open: a verifier needs one per process. */
const streamsPerAddress = 64;
const streamsInAll = 2_000;

/**
 * Public, as lists of revoked certificates are: identifiers of sessions open nothing, and a verifier that needs no
 * credentials cannot lose them.
 */
export const revocationRoutes: Routes<RevocationRoutesOptions> = async (app, { revocations }) => {
  app.get(
    '/auth/revocations',
    {
      schema: {
        tags,
        summary: 'Sessions whose access tokens are to be refused',
        description:
          'Sessions that ended before their last access token expired. Verifiers read it when they start, every 30 s and after they lost touch; with the ETag of the last answer in `If-None-Match`, an unchanged list is 304.',
        querystring: revocationsQuery,
        response: { 200: revocationList, 304: z.null(), ...problemResponses('validation-failed') },
      },
    },
    async (request, reply) => {
      const list = await revocations.list(request.query.since);
      const etag = `"${createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 22)}"`;
      reply.header('etag', etag);
      return isKnown(request.headers['if-none-match'], etag) ? reply.code(304).send(null) : reply.send(list);
    },
  );

  const open = new Map<AbortController, string>();
  // Whoever follows comes back by itself and is served by another copy, or by the next process.
  app.addHook('preClose', () => [...open.keys()].forEach((stream) => stream.abort()));

  app.get(
    '/auth/revocations/events',
    {
      exposeHeadRoute: false,
      config: { streams: true },
      schema: {
        tags,
        summary: 'Follow the sessions as they end',
        description:
          'Server-sent events: `revocations` with the whole list first, and again whenever something may have been missed; then `revoked` for each session as it ends. A comment every 15 s shows that the connection lives.',
        response: problemResponses(),
      },
    },
    async (request, reply) => {
      const { countedAs: address } = request.visitor;
      if (open.size >= streamsInAll)
        throw new ProblemError('service-unavailable', { headers: { 'retry-after': '30' } });
      if ([...open.values()].filter((other) => other === address).length >= streamsPerAddress)
        throw rateLimited({ max: streamsPerAddress, resetsIn: 30 });
      const ended = new AbortController();
      open.set(ended, address);
      reply.raw.once('close', () => {
        open.delete(ended);
        ended.abort();
      });
      return reply
        .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
        .type('text/event-stream; charset=utf-8')
        .send(Readable.from(revocationStream(revocations, ended.signal), { objectMode: false }));
    },
  );
};

/** RFC 9110 section 13.1.2; a cache may have made our tag a weak one. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()));
}

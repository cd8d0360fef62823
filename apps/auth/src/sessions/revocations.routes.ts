import { Readable } from 'node:stream';
import { eventStream, problemResponses, rateLimited, type Routes } from '@alva/service-kit';
import { revocation, revocationList, revocationsQuery } from '@alva/validation';
import { z } from 'zod';
import { limitNames } from '../limits.ts';
import { revocationStream } from './revocation-stream.ts';
import { type Revocations } from './revocations.service.ts';
import { createStreamPlaces } from './stream-places.ts';

export interface RevocationRoutesOptions {
  readonly revocations: Revocations;
  /** How many event streams one network address may hold open; a verifier needs one per process. */
  readonly streamsPerAddress: number;
  readonly onStreams: (open: number) => void;
}

const tags = ['services'];

/** Streams that all together may hold open in one process. */
const streamsInAll = 2_000;

/**
 * Public, as lists of revoked certificates are: identifiers of sessions open nothing, and a verifier that needs no
 * credentials cannot lose them.
 */
export const revocationRoutes: Routes<RevocationRoutesOptions> = async (app, options) => {
  const { revocations, streamsPerAddress, onStreams } = options;

  app.get(
    '/auth/revocations',
    {
      config: { published: true },
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
      if (request.query.sid) return reply.send(await revocations.among(request.query.sid));
      const { body, etag } = await revocations.published();
      reply.header('etag', etag);
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send(null);
      // Written already, and shared: nothing of it is encoded or copied.
      return reply.type('application/json; charset=utf-8').send(body as never);
    },
  );

  const places = createStreamPlaces({ perAddress: streamsPerAddress, inAll: streamsInAll });
  // Whoever follows comes back by itself and is served by another copy, or by the next process.
  app.addHook('preClose', () => places.letAllGo());

  app.get(
    '/auth/revocations/events',
    {
      exposeHeadRoute: false,
      config: { streams: true, published: true },
      schema: {
        tags,
        summary: 'Follow the sessions as they end',
        description:
          'Server-sent events: `revocations` with the whole list first, and again whenever something may have been missed; then `revoked` for each session as it ends. A comment every 15 s shows that the connection lives.',
        response: { ...eventStream({ revocations: revocationList, revoked: revocation }), ...problemResponses() },
      },
    },
    async (request, reply) => {
      const reader = new AbortController();
      const giveBack = places.take(request.visitor.countedAs, () => reader.abort());
      if (!giveBack) throw rateLimited({ limit: limitNames.revocationStreams, max: streamsPerAddress, resetsIn: 30 });
      onStreams(places.size);
      reply.raw.once('close', () => {
        giveBack();
        onStreams(places.size);
        reader.abort();
      });
      const frames = revocationStream({ revocations, signal: reader.signal });
      return (
        reply
          .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
          .type('text/event-stream; charset=utf-8')
          // Not a byte is read ahead for whoever does not take what there is.
          .send(Readable.from(frames, { objectMode: false, highWaterMark: 1 }))
      );
    },
  );
};

/** RFC 9110 section 13.1.2; a cache may have made our tag a weak one. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()));
}

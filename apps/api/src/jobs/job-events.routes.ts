import { finished, Readable } from 'node:stream';
import { eventStream, ProblemError, problemResponses, rateLimited, type Routes, thingParams } from '@alva/service-kit';
import type { TokenVerifier } from '@alva/token-verifier';
import { jobEventData } from '@alva/validation';
import { guardedWithGuests, guestRefusals } from '../guard.ts';
import type { JobEventsStore } from './job-events.store.ts';
import type { JobStreamObserver, StreamEnd } from './job-stream-metrics.ts';
import { createStreamPlaces } from './job-stream-places.ts';
import type { JobStreams } from './job-stream.ts';

export interface JobEventRoutesOptions {
  readonly events: Pick<JobEventsStore, 'open'>;
  readonly watch: JobStreams;
  readonly verifier: Pick<TokenVerifier, 'onRevoked'>;
  readonly observer: JobStreamObserver;
  /** Streams that one person may hold open at this copy. */
  readonly streamsPerPerson: number;
}

/** What the limit is called in log and metrics. */
export const streamLimit = 'job-streams:person';
/** Seconds after which a place may be free again. */
const comeBackIn = 10;

const description = `Server-sent events over \`fetch\`: numbered \`state\`, \`step\`, \`delta\`, \`result\` and \`error\`, ending after the
state that ends the job. \`Last-Event-ID\` resumes after that number, at any time and on any copy of the service. While the
job is queued, unnumbered \`state\` events tell its place in line. A comment every 15 s shows that the connection lives.
A person’s stream ends with the session. It outlives its access token, for as long again as that was good: then come back with a new one.`;

export const jobEventRoutes: Routes<JobEventRoutesOptions> = async (app, options) => {
  const { events, watch, verifier, observer, streamsPerPerson } = options;
  const places = createStreamPlaces(streamsPerPerson);
  const open = new Set<(why: StreamEnd) => void>();
  // Watchers come back by themselves and are served by another copy, or by the next process.
  app.addHook('preClose', () => open.forEach((end) => end('shutdown')));

  app.get(
    '/jobs/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        ...guardedWithGuests,
        tags: ['jobs'],
        summary: 'Watch a job',
        description,
        params: thingParams,
        response: { ...eventStream(jobEventData), ...problemResponses(...guestRefusals, 'not-found', 'rate-limited') },
      },
    },
    async (request, reply) => {
      const { userId, sessionId, token } = request.owner;
      const job = await events.open(userId, request.params.id);
      if (!job) throw new ProblemError('not-found');
      if (!places.take(userId)) throw rateLimited({ limit: streamLimit, max: streamsPerPerson, resetsIn: comeBackIn });
      const reader = new AbortController();
      const ended = observer.opened();
      let why: StreamEnd = 'reader-gone';

      function end(reason: StreamEnd): void {
        why = reason;
        reader.abort();
        // Who does not take what there is would keep the stream from looking up; the rest is not for them any more.
        if (reply.raw.writableNeedDrain) reply.raw.destroy();
      }

      open.add(end);
      // Also hears of an end between the guard and here, and of one whose message was missed.
      const forget = sessionId === null ? undefined : verifier.onRevoked(sessionId, () => end('session-ended'));
      const outlived = token && setTimeout(() => end('token-outlived'), afterlife(token));
      // Not the body's own end: that comes only when the generator next looks up.
      finished(reply.raw, (failure) => {
        places.giveBack(userId);
        open.delete(end);
        forget?.();
        clearTimeout(outlived ?? undefined);
        reader.abort();
        ended(failure || why !== 'reader-gone' ? why : 'job-over');
      });
      const frames = watch(job, lastSeen(request.headers['last-event-id']), reader.signal);
      return (
        reply
          // Nothing follows on this connection; kept alive after its end, it would hold up a shutdown.
          .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
          .type('text/event-stream; charset=utf-8')
          // Not a byte is read ahead for whoever does not take what there is.
          .send(Readable.from(frames, { objectMode: false, highWaterMark: 1 }))
      );
    },
  );
};

/**
 * Milliseconds for which a stream may go on: what is left of the token, and as long again as it was good. Clocks differ, and
 * a token may count as expired here that was just made there: then a stream still lasts as long as a token.
 */
function afterlife({ iat, exp }: { readonly iat: number; readonly exp: number }): number {
  return Math.max(0, exp * 1000 - Date.now()) + (exp - iat) * 1000;
}

/** Anything but a number of ours means from the beginning. */
function lastSeen(header: string | string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}

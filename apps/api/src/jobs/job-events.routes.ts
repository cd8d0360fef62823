import { Readable } from 'node:stream';
import { eventStream, problemResponses, type Routes, thingParams } from '@alva/service-kit';
import type { TokenVerifier } from '@alva/token-verifier';
import { jobEventData } from '@alva/validation';
import { guarded } from '../guard.ts';
import type { JobStreams } from './job-stream.ts';
import type { JobsService } from './jobs.service.ts';

export interface JobEventRoutesOptions {
  readonly jobs: JobsService;
  readonly watch: JobStreams;
  readonly verifier: Pick<TokenVerifier, 'onRevoked'>;
}

const description = `Server-sent events over \`fetch\`: numbered \`state\`, \`step\`, \`delta\`, \`result\` and \`error\`, ending after the
state that ends the job. \`Last-Event-ID\` resumes after that number, at any time and on any copy of the service. While the
job is queued, unnumbered \`state\` events tell its place in line. A comment every 15 s shows that the connection lives.`;

export const jobEventRoutes: Routes<JobEventRoutesOptions> = async (app, { jobs, watch, verifier }) => {
  const open = new Set<AbortController>();
  // Watchers come back by themselves and are served by another copy, or by the next process.
  app.addHook('preClose', () => open.forEach((stream) => stream.abort()));

  app.get(
    '/jobs/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        ...guarded,
        tags: ['jobs'],
        summary: 'Watch a job',
        description,
        params: thingParams,
        response: { ...eventStream(jobEventData), ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request, reply) => {
      const ended = new AbortController();
      const end = () => ended.abort();
      // Also hears of an end between the guard and here, and of one whose message was missed.
      const forget = verifier.onRevoked(request.token.sid, end);
      // Not the body's own end: that comes only when the generator next looks up.
      reply.raw.once('close', () => {
        open.delete(ended);
        forget();
        end();
      });
      open.add(ended);
      const job = await jobs.get(request.token.sub, request.params.id);
      // Pulled only as fast as the client reads.
      const body = Readable.from(watch(job, lastSeen(request.headers['last-event-id']), ended.signal), {
        objectMode: false,
      });
      return (
        reply
          // Nothing follows on this connection; kept alive after its end, it would hold up a shutdown.
          .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
          .type('text/event-stream; charset=utf-8')
          .send(body)
      );
    },
  );
};

/** Anything but a number of ours means from the beginning. */
function lastSeen(header: string | string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}

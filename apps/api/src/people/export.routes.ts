import { finished, Readable } from 'node:stream';
import { problemResponses, rateLimited, type Routes } from '@alva/service-kit';
import { exportedWork } from '@alva/validation';
import { guarded } from '../guard.ts';
import { createStreamPlaces } from '../jobs/job-stream-places.ts';
import { collectionNames, type PeopleStore } from './people.store.ts';

export interface ExportRoutesOptions {
  readonly people: Pick<PeopleStore, 'collect' | 'collectAll'>;
}

/** What the limit is called in log and metrics. */
export const exportLimit = 'exports:person';
/** Copies that one person may be sent at once by this copy of the api. */
const mostAtOnce = 1;
/** Seconds after which the one before may be over. */
const comeBackIn = 10;

/** Typed as nothing at all: the handler sends a stream, which no serializer looks at. */
const copy: object = { 200: exportedWork };

export const exportRoutes: Routes<ExportRoutesOptions> = async (app, { people }) => {
  const places = createStreamPlaces(mostAtOnce);

  app.get(
    '/user/export',
    {
      exposeHeadRoute: false,
      schema: {
        ...guarded,
        tags: ['profile'],
        summary: 'A copy of everything you have here',
        description: 'Your account itself is at `POST /auth/me/export` of auth. One at a time.',
        response: {
          ...copy,
          ...problemResponses('authentication-required', 'rate-limited'),
        },
      },
    },
    async (request, reply) => {
      const { sub } = request.token;
      if (!places.take(sub)) {
        const detail = 'A copy is being sent to you already. Wait until you have it.';
        throw rateLimited({ limit: exportLimit, max: mostAtOnce, resetsIn: comeBackIn }, detail);
      }
      // However it ends, also before anything was sent.
      finished(reply.raw, () => places.giveBack(sub));
      const head = await people.collect(sub);
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="alva-plans.json"')
        .type('application/json; charset=utf-8')
        .send(Readable.from(written(head, sub), { objectMode: false }));
    },
  );

  /** Written as it is read: all that somebody has would not fit into anybody's memory, nor into the time of one statement. */
  async function* written(head: string, userId: string): AsyncGenerator<string> {
    yield head.slice(0, -1);
    for (const collection of collectionNames) {
      yield `,"${collection}":[`;
      let separator = '';
      for await (const item of people.collectAll(userId, collection)) {
        yield separator + item;
        separator = ',';
      }
      yield ']';
    }
    yield '}';
  }
};

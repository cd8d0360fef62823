import { Readable } from 'node:stream';
import { problemResponses, type Routes } from '@alva/service-kit';
import { exportedWork } from '@alva/validation';
import { guarded } from '../guard.ts';
import type { PeopleStore } from './people.store.ts';

export interface ExportRoutesOptions {
  readonly people: Pick<PeopleStore, 'collect' | 'collectDocuments'>;
}

/** Typed as nothing at all: the handler sends a stream, which no serializer looks at. */
const copy: object = { 200: exportedWork };

export const exportRoutes: Routes<ExportRoutesOptions> = async (app, { people }) => {
  app.get(
    '/user/export',
    {
      exposeHeadRoute: false,
      schema: {
        ...guarded,
        tags: ['profile'],
        summary: 'A copy of everything you have here',
        description: 'Your account itself is at `POST /auth/me/export` of auth.',
        response: {
          ...copy,
          ...problemResponses('authentication-required'),
        },
      },
    },
    async (request, reply) => {
      const { sub } = request.token;
      const data = await people.collect(sub);
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="alva-plans.json"')
        .type('application/json; charset=utf-8')
        .send(Readable.from(written(data, people.collectDocuments(sub)), { objectMode: false }));
    },
  );
};

/** Written as it is read: all documents of somebody together would not fit into anybody's memory. */
async function* written(data: object, documents: AsyncIterable<string>): AsyncGenerator<string> {
  yield `${JSON.stringify(data).slice(0, -1)},"documents":[`;
  let separator = '';
  for await (const document of documents) {
    yield separator + document;
    separator = ',';
  }
  yield ']}';
}

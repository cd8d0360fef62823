import type { FastifyRequest } from 'fastify';
import type { Server } from './create-server.ts';
import { ProblemError } from '../problems/problem-error.ts';

/**
 * Bodies are application/json and nothing else; an empty one is no body, and a route that wants one says so with 422. So does
 * one that takes none and is given something: whoever sends it believes that it means something.
 */
export function acceptOnlyJson(app: Server): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      done(new ProblemError('unsupported-media-type', { detail: 'Compressed bodies are not read here' }));
    } else if (body === '') {
      done(null, undefined);
    } else {
      // eslint-disable-next-line @typescript-eslint/no-floating-promises -- the default parser answers by callback
      parseJson(request, body as string, (error, value) => {
        if (error === null && !takesBody(request) && !isEmpty(value)) done(unwanted());
        else done(error, value);
      });
    }
  });
}

/** Where there is no route, that is what is to be said. */
function takesBody({ is404, routeOptions }: FastifyRequest): boolean {
  return is404 || routeOptions.schema?.body !== undefined;
}

/** Many clients send `{}` with every POST. */
function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function unwanted(): ProblemError {
  return new ProblemError('validation-failed', { errors: [{ pointer: '#', detail: 'this address takes no body' }] });
}

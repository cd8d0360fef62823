import type { Server } from './create-server.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** Bodies are application/json and nothing else; an empty one is no body, and a route that wants one says so with 422. */
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
      parseJson(request, body as string, done);
    }
  });
}

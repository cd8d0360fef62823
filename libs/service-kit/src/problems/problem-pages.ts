import { createHash } from 'node:crypto';
import { type ProblemCode, problems } from '@alva/shared-types';
import type { Server } from '../server/create-server.ts';
import { ProblemError } from './problem-error.ts';

const advice: Partial<Record<number, string>> = {
  400: 'The request itself is broken. Sending it again unchanged will not help.',
  401: 'Sign in, or renew the session, and send the request again with the new access token.',
  403: 'The request was understood and is refused. Another role, origin or step is needed first.',
  404: 'Nothing lives at this address, or it belongs to someone else. The answer is the same on purpose.',
  409: 'Read the present state and decide again.',
  412: 'Read it again, see whether your change is still meant, and send it with the ETag it has now.',
  413: 'Send less in one request.',
  415: 'Send the body in the media type that the description of the route names: nearly always application/json.',
  422: 'The member "errors" points at each value to correct.',
  428: 'Send the ETag of what you have read in an If-Match header, so that nobody’s change is overwritten unseen.',
  429: 'Wait as many seconds as the Retry-After header says.',
  500: 'It was logged under the request id in the answer. Quote that id when you report it.',
  503: 'Try again after as many seconds as the Retry-After header says. Nothing was lost.',
};

const adviceOnCode: Partial<Record<ProblemCode, string>> = {
  'origin-not-allowed':
    'What sets or acts on a cookie is for the pages of the web app alone. Browsers send an Origin header by themselves; ' +
    'anything else has to send one, and it has to be the origin of a page that this installation allows (CORS_ORIGINS).',
};

const style =
  'body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:10vh auto;padding:0 1.5rem}code{font-size:.95em}';
const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'`;

/** What the `type` of a problem leads to: the code explained, as a page for people and as JSON for programs. */
export function installProblemPages(app: Server): void {
  const entries = (Object.keys(problems) as ProblemCode[]).map(explain);

  app.get('/problems', { schema: { hide: true } }, async () => ({ items: entries }));
  app.get<{ Params: { code: string } }>('/problems/:code', { schema: { hide: true } }, async (request, reply) => {
    const entry = entries.find(({ code }) => code === request.params.code);
    if (!entry) throw new ProblemError('not-found');
    reply.header('vary', 'Origin, Accept').header('cache-control', 'public, max-age=3600');
    if (!request.headers.accept?.includes('text/html')) return entry;
    return reply
      .header('content-security-policy', contentSecurityPolicy)
      .type('text/html; charset=utf-8')
      .send(page(entry));
  });
}

function explain(code: ProblemCode) {
  const { status, title } = problems[code];
  return { code, status, title, advice: adviceOnCode[code] ?? advice[status] ?? '' };
}

// Every value comes from the catalogue, so nothing needs escaping.
function page({ code, status, title, advice }: ReturnType<typeof explain>): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${style}</style>
<h1>${title}</h1><p>${advice}</p><p><code>${status} ${code}</code></p></html>`;
}

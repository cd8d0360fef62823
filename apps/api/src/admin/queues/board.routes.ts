import type { BoardAnswer, QueueBoard, Queues } from '@alva/queue';
import { noteProblem, ProblemError, problemHeaders, type Routes } from '@alva/service-kit';
import { KeysUnavailable, RoleRequired, TokenRejected, type TokenVerifier } from '@alva/token-verifier';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { boardAddress, type BoardCookie } from './board-cookie.ts';
import { boardPolicy } from './board-policy.ts';
import { refusalPagePolicy, renderRefusal } from './refusal-page.ts';

export interface BoardRoutesOptions {
  readonly queues: Pick<Queues, 'board'>;
  readonly boardCookie: BoardCookie;
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly onReject: (error: TokenRejected | KeysUnavailable, request: Pick<FastifyRequest, 'identify'>) => void;
  readonly webUrl: string;
}

/** What the api and its worker put in or take out. Mail and exports are for auth to look after. */
const shown = ['jobs', 'user-deleted', 'user-forgotten'] as const;

const query = z.record(z.string(), z.string());

const headers = {
  'content-security-policy': boardPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * The board, for browsers that came in by `POST /admin/queues/enter`: stands beside the guarded scope, because its requests
 * carry a cookie. What they carry is verified like any access token, each time.
 */
export const boardRoutes: Routes<BoardRoutesOptions> = async (app, options) => {
  const { queues, boardCookie, verifier, onReject, webUrl } = options;
  let board: Promise<QueueBoard> | undefined;

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    try {
      const { roles, sid, sub } = await verifier.verify(boardCookie.read(request));
      request.identify({ sid, sub });
      if (!roles.includes('admin')) throw new RoleRequired('admin');
    } catch (error) {
      if (error instanceof TokenRejected || error instanceof KeysUnavailable) onReject(error, request);
      throw error;
    }
  });

  app.setErrorHandler<Error>((error, request, reply) => {
    if (!isNavigation(request)) throw error;
    const problem = noteProblem(error, request, reply);
    return reply
      .code(problem.status)
      .headers({ ...problemHeaders(problem), ...headers, 'content-security-policy': refusalPagePolicy })
      .type('text/html; charset=utf-8')
      .send(renderRefusal(problem, webUrl));
  });

  /** Once, when somebody first looks; what failed is tried again by whoever looks next. */
  async function open(): Promise<QueueBoard> {
    board ??= queues.board(shown, { title: 'Alva queues', address: boardAddress }).catch((error: unknown) => {
      board = undefined;
      throw error;
    });
    return board;
  }

  async function read(path: string, given: unknown): Promise<BoardAnswer> {
    const answer = await (await open()).read({ path, query: query.safeParse(given).data ?? {} });
    if (!answer) throw new ProblemError('not-found');
    return answer;
  }

  for (const url of [boardAddress, `${boardAddress}/*`]) {
    app.get<{ Params: { '*'?: string } }>(url, { schema: { hide: true } }, async (request, reply) => {
      const { kind, status, type, body, encoding } = await read(`/${request.params['*'] ?? ''}`, request.query);
      if (encoding) reply.header('content-encoding', encoding);
      if (kind === 'asset') reply.header('cache-control', 'private, max-age=3600');
      return reply.code(status).type(type).send(body);
    });

    app.route({
      method: ['POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      schema: { hide: true },
      handler: () => {
        throw new ProblemError('method-not-allowed', {
          detail: 'Queues are looked at here and never changed: jobs are what their rows say.',
          headers: { allow: 'GET, HEAD' },
        });
      },
    });
  }
};

/** Somebody looks at the answer, and not a script of the board. */
function isNavigation({ headers: { accept = '' } }: Pick<FastifyRequest, 'headers'>): boolean {
  return accept.includes('text/html');
}

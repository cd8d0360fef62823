import { onlyFromOwnPages, ProblemError, problemResponses, type Routes } from '@alva/service-kit';
import { bearerToken } from '@alva/token-verifier';
import { z } from 'zod';
import { administration, administrationRefusals } from '../administration.ts';
import { boardAddress, type BoardCookie } from './board-cookie.ts';

export interface EnterRoutesOptions {
  readonly boardCookie: BoardCookie;
  /** Of the pages that may open the board. */
  readonly origins: readonly string[];
}

/** Seconds after showing who one is in which the board can be entered, as with what auth lets administrators do. */
const recently = 600;

/** For the administrators' scope: the way from a page with an access token to one that is navigated to. */
export const enterRoutes: Routes<EnterRoutesOptions> = async (app, { boardCookie, origins }) => {
  app.post(
    `${boardAddress}/enter`,
    {
      onRequest: onlyFromOwnPages(origins),
      schema: {
        ...administration,
        summary: 'Open the board of the queues for this browser',
        description:
          'Sets a cookie that is good for `/admin/queues` and nothing else, for as long as the access token is. Send it with ' +
          '`credentials: "include"` from a page of the web app, soon after signing in or `POST /auth/step-up`; then go to `/admin/queues`.',
        response: {
          204: z.undefined(),
          ...problemResponses(...administrationRefusals, 'origin-not-allowed', 'step-up-required'),
        },
      },
    },
    async (request, reply) => {
      const { auth_time: since, exp } = request.token;
      const now = Date.now() / 1000;
      if (now - since > recently) throw new ProblemError('step-up-required', { extensions: { maxAge: recently } });
      const seconds = Math.max(0, Math.floor(exp - now));
      return reply
        .header('set-cookie', boardCookie.write(bearerToken(request.raw), seconds))
        .header('cache-control', 'no-store')
        .code(204)
        .send();
    },
  );
};

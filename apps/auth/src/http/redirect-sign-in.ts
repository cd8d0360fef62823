import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type SignIn } from '../sign-in/entrance.ts';
import { type SignInCookies } from './answer-sign-in.ts';
import { type Cookie } from './cookies.ts';

export type RedirectSignIn = ReturnType<typeof createSignInRedirect>;

/**
 * For ways in on which the browser itself comes by, rather than a script of our pages: cookies as in every answer of a way
 * in, and on to a page that gets its tokens by `POST /auth/refresh`. The address says no more than where to go, and in the
 * fragment, which reaches no server.
 */
export function createSignInRedirect({
  refreshCookie,
  secondFactorCookie,
  webUrl,
}: SignInCookies & { readonly webUrl: string }) {
  return function redirectSignIn(
    request: FastifyRequest,
    reply: FastifyReply,
    signIn: SignIn,
    { way, spent = [] }: { way: string; spent?: Cookie[] },
  ) {
    const cleared = spent.map((cookie) => cookie.clear());
    const next = signIn.redirectTo === null ? {} : { next: signIn.redirectTo };
    const told = new URLSearchParams({ ...next, way }).toString();
    if (signIn.kind === 'second-factor-owed') {
      reply.header('set-cookie', [secondFactorCookie.write(signIn.challenge, signIn.expiresIn), ...cleared]);
      return reply.redirect(`${webUrl}/sign-in/second-factor#${told}`, 303);
    }
    request.identify(signIn.identifiers);
    reply.header('set-cookie', [refreshCookie.write(signIn.refreshToken, signIn.idleFor), ...cleared]);
    return reply.redirect(`${webUrl}/sign-in/complete#${told}`, 303);
  };
}

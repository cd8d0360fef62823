import { ProblemError } from '@alva/service-kit';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type SignIn } from '../sign-in/entrance.ts';
import { type Cookie } from './cookies.ts';

export interface SignInCookies {
  readonly refreshCookie: Cookie;
  readonly secondFactorCookie: Cookie;
}

export type AnswerSignIn = ReturnType<typeof createSignInAnswer>;

/** The answer of every way in: tokens, or 403 `second-factor-required` with the cookie that `/auth/mfa/verify` wants. */
export function createSignInAnswer({ refreshCookie, secondFactorCookie }: SignInCookies) {
  /** `spent` are cookies of the way in that have served their purpose. */
  return function answerSignIn(request: FastifyRequest, reply: FastifyReply, signIn: SignIn, spent: Cookie[] = []) {
    const cleared = spent.map((cookie) => cookie.clear());
    if (signIn.kind === 'second-factor-owed') {
      const { challenge, expiresIn, redirectTo } = signIn;
      // Not in the problem's own headers, which can hold one cookie only.
      reply.header('set-cookie', [secondFactorCookie.write(challenge, expiresIn), ...cleared]);
      throw new ProblemError('second-factor-required', { extensions: { expiresIn, redirectTo } });
    }
    request.identify(signIn.identifiers);
    return reply
      .header('set-cookie', [refreshCookie.write(signIn.refreshToken, signIn.idleFor), ...cleared])
      .send({ ...signIn.answer, redirectTo: signIn.redirectTo });
  };
}

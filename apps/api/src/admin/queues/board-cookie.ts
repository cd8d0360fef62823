import { TokenRejected } from '@alva/token-verifier';
import type { FastifyRequest } from 'fastify';

/** Where the board lives. The cookie is sent nowhere else. */
export const boardAddress = '/admin/queues';

export type BoardCookie = ReturnType<typeof createBoardCookie>;

/**
 * An access token for the board alone: a page that a browser is sent to carries no `Authorization` header. Scripts cannot read
 * it, and no other route looks at cookies.
 */
export function createBoardCookie(publicUrl: string) {
  const isHttps = publicUrl.startsWith('https:');
  // Browsers accept the prefix from secure origins only. Plain http is for a developer's machine.
  const name = isHttps ? '__Secure-queue_board' : 'queue_board';
  const attributes = [`Path=${boardAddress}`, 'HttpOnly', 'SameSite=Strict', ...(isHttps ? ['Secure'] : [])];
  return {
    write: (token: string, seconds: number) => [`${name}=${token}`, `Max-Age=${seconds}`, ...attributes].join('; '),
    /** Throws `TokenRejected` where there is none, or more than one: then somebody planted the other. */
    read({ headers: { cookie = '' } }: Pick<FastifyRequest, 'headers'>): string {
      const [token, ...others] = cookie.split(';').flatMap((pair) => {
        const [given = '', value = ''] = pair.trim().split('=', 2);
        return given === name ? [value] : [];
      });
      if (token === undefined) throw new TokenRejected('missing');
      if (others.length > 0) throw new TokenRejected('repeated-header');
      return token;
    },
  };
}

import { type FastifyRequest } from 'fastify';
import { createCookie, type Cookie } from '../http/cookies.ts';
import { isSecret } from '../secrets/secret.ts';
import { type Provider } from './provider.ts';

export type BrowserCookies = ReturnType<typeof createBrowserCookies>;

/**
 * The cookie that makes a browser the one that was sent to a provider. The provider's site sends it back, so it cannot be
 * `Strict`: by a link it is `Lax`, by a form nothing but `None` comes along. Two, so that no more than has to be is `None`.
 */
export function createBrowserCookies(publicUrl: string) {
  const shared = { publicUrl, isOfHostAlone: true } as const;
  const cookies: Record<Provider['answersBy'], Cookie> = {
    query: createCookie({ ...shared, name: 'provider_attempt', sameSite: 'lax' }),
    form_post: createCookie({ ...shared, name: 'provider_attempt_by_form', sameSite: 'none' }),
  };
  const of = ({ answersBy }: Pick<Provider, 'answersBy'>) => cookies[answersBy];
  return {
    of,
    /** Of two values one was planted, and nothing tells which: then neither counts. */
    read(provider: Pick<Provider, 'answersBy'>, { headers }: FastifyRequest): string | undefined {
      const [secret, ...others] = of(provider).read(headers.cookie);
      return others.length === 0 && secret !== undefined && isSecret(secret) ? secret : undefined;
    },
  };
}

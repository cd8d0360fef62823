import { openIdIssuer, type OpenIdIssuer } from '@alva/testing';
import { type Test } from 'tap';
import { webOrigin } from './auth.ts';
import { ask, type Answer, type Browser } from './browser.ts';

/** What has to be entered at a provider of the services that tests start. */
export const redirectUri = (name: string) => `http://localhost:3002/auth/oauth/${name}/callback`;

export async function startIssuer(t: Test): Promise<{ issuer: OpenIdIssuer; env: Record<string, string> }> {
  const issuer = await openIdIssuer(t, [redirectUri('oidc')]);
  const env = {
    OIDC_ISSUER_URL: issuer.url,
    OIDC_CLIENT_ID: issuer.client.id,
    OIDC_CLIENT_SECRET: issuer.client.secret,
    OIDC_LABEL: 'Example ID',
    OIDC_TRUST_EMAIL: 'true',
  };
  return { issuer, env };
}

/** Sets out, and says where to. */
export async function setOut(browser: Browser, provider = 'oidc', query = ''): Promise<URL> {
  const answer = await browser.get(`/auth/oauth/${provider}${query}`);
  if (answer.status !== 303) throw new Error(`Not sent to the provider: ${answer.status} ${answer.text}`);
  return new URL(answer.headers.location ?? '');
}

/** Signs in at the issuer's pages, or cancels there, and says with which path and query the browser is sent back. */
export async function signInAtIssuer(issuer: OpenIdIssuer, at: URL, name: string): Promise<string> {
  const jar = new Map<string, string>();
  let next: URL = at;
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...jar].map(([key, value]) => `${key}=${value}`).join('; ');
    const isPage = next.pathname.startsWith('/interaction/');
    const answer = await ask(next.href, {
      method: isPage ? 'POST' : 'GET',
      ...(isPage ? { body: new URLSearchParams({ name }).toString() } : {}),
      headers: { cookie, ...(isPage ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
    });
    for (const line of answer.setCookies) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(key, value);
    }
    const { location } = answer.headers;
    if (location === undefined) throw new Error(`The issuer answered ${answer.status} ${answer.text}`);
    next = new URL(location, issuer.url);
    if (next.origin !== issuer.url) return next.pathname + next.search;
  }
  throw new Error('The issuer leads in circles');
}

/** The whole way, up to the answer of the callback. */
export async function comeBack(issuer: OpenIdIssuer, browser: Browser, name: string, query = ''): Promise<Answer> {
  return browser.get(await signInAtIssuer(issuer, await setOut(browser, 'oidc', query), name));
}

/** Which page of the web app an answer leads to, and what its fragment says. */
export function landing({ status, headers: { location = '' } }: Answer) {
  const url = URL.parse(location);
  if (status !== 303 || url?.origin !== webOrigin) throw new Error(`Not led to the web app: ${status} ${location}`);
  if (url.search !== '') throw new Error('Something is in the query');
  return { page: url.pathname, ...Object.fromEntries(new URLSearchParams(url.hash.slice(1))) };
}

import { type BrowserContext, type Page } from 'playwright-core';
import { type Stack } from './stack.ts';

export interface Exchange {
  readonly page: Page;
  /** Method and path without the services' addresses, ids shortened: `POST /auth/refresh`. */
  readonly call: string;
  readonly status: number;
  readonly token: string | undefined;
}

/** Everything that the pages of a profile ask of auth and the api, in the order of the answers. */
export function recordTraffic(context: BrowserContext, stack: Stack): Exchange[] {
  const traffic: Exchange[] = [];
  context.on('response', (response) => {
    const request = response.request();
    const { origin, pathname } = new URL(request.url());
    if (origin !== stack.authUrl && origin !== stack.apiUrl) return;
    if (request.method() === 'OPTIONS') return;
    traffic.push({
      page: request.frame().page(),
      call: `${request.method()} ${pathname.replaceAll(/[0-9a-f-]{36}/g, ':id')}`,
      status: response.status(),
      token: request.headers()['authorization']?.replace('Bearer ', ''),
    });
  });
  return traffic;
}

export const refreshes = (traffic: readonly Exchange[]) => traffic.filter(({ call }) => call === 'POST /auth/refresh');

import type { Test } from 'tap';
import { createAuthSession, type AuthSessionOptions, type Browser, type SessionState } from '../src/index.ts';
import { type Auth, openApi, openAuth } from './services.ts';

/** One browser in front of real services: tabs share its cookies, Node's own locks and its broadcast channels. */
export async function openBrowser(t: Test, { cookie = true } = {}) {
  const auth = await openAuth(t);
  const api = await openApi(t, auth);
  const jar = { cookie: cookie ? auth.cookie() : '' };

  const fetchWithCookies: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (init?.credentials === 'include' && jar.cookie) request.headers.set('cookie', jar.cookie);
    const response = await fetch(request);
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) jar.cookie = set.includes('Max-Age=0') ? '' : (set.split(';')[0] ?? '');
    return response;
  };

  function openTab(standIns: Partial<Browser> = {}, options: Pick<AuthSessionOptions, 'onSecondFactor'> = {}) {
    const network = new EventTarget();
    const browser = { fetch: fetchWithCookies, network, ...standIns };
    const session = createAuthSession({ authUrl: auth.url, apiUrls: [api.url], browser, ...options });
    t.teardown(() => session.close());
    // As a page does; also what opens the channel to the other tabs.
    session.subscribe(() => undefined);
    return { ...session, network, me: (init?: RequestInit) => session.fetch(`${api.url}/me`, init) };
  }

  /** Two or more, all signed in by one refresh. */
  async function openTabs(count: number) {
    const [first, second] = [openTab(), openTab()];
    const others = Array.from({ length: count - 2 }, () => openTab());
    await first.restore();
    await Promise.all([second, ...others].map((tab) => until(tab, ({ status }) => status === 'signed-in')));
    return [first, second, ...others] as const;
  }

  return { auth, api, jar, openTab, openTabs };
}

/** Waits until the state is as wished; the test's own time limit is the only one. */
export function until(
  { getState, subscribe }: Pick<ReturnType<typeof createAuthSession>, 'getState' | 'subscribe'>,
  wished: (state: SessionState) => boolean,
): Promise<SessionState> {
  return new Promise((resolve) => {
    const stop = subscribe(look);
    look();
    function look() {
      if (!wished(getState())) return;
      stop();
      resolve(getState());
    }
  });
}

/** Every access token issued so far stops being taken, as if 15 minutes had passed. */
export function expireAccessTokens(auth: Auth): void {
  auth.valid.clear();
}

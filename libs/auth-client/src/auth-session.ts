import type { SendMagicLinkBody, SignInAnswer, VerifyMagicLinkBody } from '@alva/validation';
import { createAuthService } from './auth-service.ts';
import { createAuthorizedFetch } from './authorized-fetch.ts';
import { type Browser, createBrowser } from './browser.ts';
import { createKnownSession } from './known-session.ts';
import { createRenewal } from './renewal.ts';

export interface AuthSessionOptions {
  /** Public address of auth, without a trailing slash. */
  authUrl: string;
  /** Addresses that may see the access token, besides auth. */
  apiUrls: string[];
  /** Stand-ins for what the browser offers. */
  browser?: Partial<Browser>;
}

export type AuthSession = ReturnType<typeof createAuthSession>;

/**
 * The session of the person at this browser: the access token is held in memory only, the refresh token is a cookie that
 * scripts cannot read. Creating it touches nothing, so it may be created while rendering on a server.
 */
export function createAuthSession({ authUrl, apiUrls, browser: standIns }: AuthSessionOptions) {
  const browser = createBrowser(`alva-session ${authUrl}`, standIns);
  const auth = createAuthService(authUrl, browser.fetch);
  const known = createKnownSession(browser, () => void renew());
  const renew = createRenewal(known, auth, browser.exclusive);
  const origins = new Set([authUrl, ...apiUrls].map((url) => new URL(url).origin));

  /** Here and in all tabs. Waits for a refresh under way, whose cookie would otherwise overwrite the new one. */
  const enter = (show: () => Promise<SignInAnswer>) =>
    browser.exclusive(async () => {
      const { redirectTo, ...tokens } = await show();
      known.signedIn(tokens);
      return { user: tokens.user, redirectTo };
    });

  return {
    getState: known.state.get,
    /** Calls back after every change of the state; returns how to stop that. */
    subscribe: (listener: () => void): (() => void) => {
      known.connect();
      return known.state.subscribe(listener);
    },

    /** Finds out who is signed in: when the page is opened, and again whenever a person wants to try at once. */
    restore: renew,

    /** `fetch` for the api and auth, with the access token; see authorized-fetch.ts. */
    fetch: createAuthorizedFetch({ known, renew, origins, fetch: browser.fetch }),

    /** Mails a link and a code. Rejects with `ServiceProblem`, or with what `fetch` rejects with. */
    sendMagicLink: (body: SendMagicLinkBody) => auth.sendMagicLink(body),

    /**
     * Signs in by link or code. Rejects like `sendMagicLink`; 409 `different-browser` asks for `confirm: 'here'`,
     * 403 `second-factor-required` for the second factor.
     */
    verifyMagicLink: (body: VerifyMagicLinkBody) => enter(() => auth.verifyMagicLink(body)),

    /** Ends the session in all tabs. Rejects like `sendMagicLink`, and then the session has not ended. */
    signOut: () =>
      browser.exclusive(async () => {
        await auth.logout();
        known.signedOut('here');
      }),

    /** Stops listening and retrying. */
    close: () => known.close(),
  };
}

import type {
  ApproveSignInBody,
  ChangePasswordBody,
  ConnectProviderAnswer,
  Identity,
  IdentityList,
  LoginBody,
  PasskeyAssertion,
  PasswordState,
  Provider,
  RegisterBody,
  ResetPasswordBody,
  SendMagicLinkBody,
  SignInAnswer,
  VerifyEmailBody,
  VerifyMagicLinkBody,
  VerifySecondFactorBody,
} from '@alva/validation';
import { readServiceProblem, ServiceProblem } from '@alva/validation';
import { createAccount } from './account.ts';
import { createAdoption } from './adoption.ts';
import { createAuthService } from './auth-service.ts';
import { createAuthorizedFetch } from './authorized-fetch.ts';
import { type Browser, createBrowser } from './browser.ts';
import { createKnownSession } from './known-session.ts';
import { createRenewal } from './renewal.ts';
import { createSecurity } from './security.ts';

export interface AuthSessionOptions {
  /** Public address of auth, without a trailing slash. */
  authUrl: string;
  /** Addresses that may see the access token, besides auth. */
  apiUrls: string[];
  /**
   * Called when a way in was right and the account has a second factor: it has to be shown on another page, with
   * `verifySecondFactor` or a passkey. What led there then settles no more; without this it rejects with 403
   * `second-factor-required`.
   */
  onSecondFactor?: (wanted: { redirectTo: string | null }) => void;
  /** Stand-ins for what the browser offers. */
  browser?: Partial<Browser>;
}

export type AuthSession = ReturnType<typeof createAuthSession>;

/**
 * The session of the person at this browser: the access token is held in memory only, the refresh token is a cookie that
 * scripts cannot read. Creating it touches nothing, so it may be created while rendering on a server.
 */
export function createAuthSession({ authUrl, apiUrls, onSecondFactor, browser: standIns }: AuthSessionOptions) {
  const browser = createBrowser(`alva-session ${authUrl}`, standIns);
  const auth = createAuthService(authUrl, browser.fetch);
  const known = createKnownSession(browser, () => void renew());
  const renew = createRenewal(known, auth, browser.exclusive);
  const origins = new Set([authUrl, ...apiUrls].map((url) => new URL(url).origin));

  /** Here and in all tabs. Waits for a refresh under way, whose cookie would otherwise overwrite the new one. */
  const enterAtOnce = (show: () => Promise<SignInAnswer>) =>
    browser.exclusive(async () => {
      const { redirectTo, ...tokens } = await show();
      known.signedIn(tokens);
      return { user: tokens.user, redirectTo };
    });

  async function enter(show: () => Promise<SignInAnswer>) {
    try {
      return await enterAtOnce(show);
    } catch (error) {
      if (!onSecondFactor || !(error instanceof ServiceProblem) || error.code !== 'second-factor-required') throw error;
      const { redirectTo } = error.extensions;
      onSecondFactor({ redirectTo: typeof redirectTo === 'string' ? redirectTo : null });
      // Whoever waits has been left for another page, and is to show neither success nor failure meanwhile.
      return new Promise<never>(() => {});
    }
  }

  const authorizedFetch = createAuthorizedFetch({ known, renew, origins, fetch: browser.fetch });

  async function askAs(path: string, init?: RequestInit): Promise<Response> {
    const response = await authorizedFetch(authUrl + path, { cache: 'no-store', ...init });
    if (!response.ok) throw await readServiceProblem(response);
    return response;
  }

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
    fetch: authorizedFetch,

    /** Mails a link and a code. Rejects with `ServiceProblem`, or with what `fetch` rejects with. */
    sendMagicLink: (body: SendMagicLinkBody) => auth.sendMagicLink(body),

    /**
     * Signs in by link or code. Rejects like `sendMagicLink`; 409 `different-browser` asks for `confirm: 'here'`,
     * 403 `second-factor-required` for the second factor.
     */
    verifyMagicLink: (body: VerifyMagicLinkBody) => enter(() => auth.verifyMagicLink(body)),

    /** Whether anybody has let this browser in yet that asked for a link, and the number to show. Rejects like `sendMagicLink`. */
    lookAtAttempt: (attemptId: string) => auth.lookAtAttempt(attemptId),

    /** Lets the browser in that asked for the link which was opened here, by the number it shows. Rejects like `sendMagicLink`. */
    approveAttempt: async (attemptId: string, body: ApproveSignInBody): Promise<void> => {
      await auth.approveAttempt(attemptId, body);
    },

    /** Signs in by an attempt that was approved. Rejects like `verifyMagicLink`; 409 `attempt-pending` before it was. */
    completeAttempt: (attemptId: string) => enter(() => auth.completeAttempt(attemptId)),

    /** Mails a sign-in link and code; what is given besides becomes the account's if one of them makes it, in this browser. */
    register: (body: RegisterBody) => auth.register(body),

    /**
     * Signs in with a password. Rejects like `sendMagicLink`: 401 `credentials-invalid`, 403 `email-unverified` (a link was
     * mailed) and `second-factor-required`.
     */
    login: (body: LoginBody) => enter(() => auth.login(body)),

    /** Mails a link to set a new password. Rejects like `sendMagicLink`. */
    forgotPassword: async (email: string): Promise<void> => {
      await auth.forgotPassword(email);
    },

    /** Sets a new password with that link and ends every session. Whoever was signed in here is not any more. */
    resetPassword: async (body: ResetPasswordBody): Promise<void> => {
      await auth.resetPassword(body);
    },

    /** Confirms an address and signs in; 409 `different-browser` asks for `confirm: 'here'`. */
    verifyEmail: (body: VerifyEmailBody) => enter(() => auth.verifyEmail(body)),

    /** Whether the person has a password. */
    getPassword: async (): Promise<PasswordState> => (await askAs('/auth/password')).json() as Promise<PasswordState>,

    /** Sets or changes it, and ends all other sessions. 422 at `#/currentPassword` or `#/password`, 403 `step-up-required`. */
    changePassword: async (body: ChangePasswordBody): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      await askAs('/auth/password', { method: 'PUT', body: JSON.stringify(body), headers });
    },

    /** The providers that can sign people in here. */
    listProviders: (): Promise<Provider[]> => auth.listProviders(),

    /** Where a link sends the browser to sign in with a provider; it comes back to a page of the web app. */
    providerUrl: (name: string, redirectTo: string): string =>
      `${authUrl}/auth/oauth/${name}?${new URLSearchParams({ redirectTo }).toString()}`,

    /** The providers that can sign this person in. */
    listIdentities: async (): Promise<Identity[]> =>
      ((await (await askAs('/auth/identities')).json()) as IdentityList).items,

    /** Where to send the browser to connect a provider; only this browser can come back from there. 403 `step-up-required`. */
    connectProvider: async (name: string): Promise<string> => {
      // With credentials, so that the cookie is kept by which auth recognises this browser.
      const response = await askAs(`/auth/oauth/${name}/link`, { method: 'POST', credentials: 'include' });
      return ((await response.json()) as ConnectProviderAnswer).url;
    },

    /** 403 `step-up-required`, 409 `last-way-in`. */
    disconnectProvider: async (id: string): Promise<void> => {
      await askAs(`/auth/identities/${id}`, { method: 'DELETE' });
    },

    /** The account and its sessions; see account.ts. */
    account: createAccount({ ask: askAs, auth, renew }),

    /** Finishes a sign-in that asked for a second factor. 401 `code-invalid`, and `challenge-unknown` when it is too late. */
    verifySecondFactor: (body: VerifySecondFactorBody) => enter(() => auth.verifySecondFactor(body)),

    /** What `navigator.credentials.get` wants, as JSON; good for five minutes in this browser. */
    passkeySignInOptions: () => auth.passkeySignInOptions(),

    /** Signs in with what the browser made of it. 401 `passkey-invalid` and `challenge-unknown`. */
    signInWithPasskey: (credential: PasskeyAssertion) => enter(() => auth.signInWithPasskey(credential)),

    /** How the person signs in; see security.ts. */
    security: createSecurity(askAs, createAdoption(known, renew, browser.exclusive)),

    /** Ends the session in all tabs. Rejects like `sendMagicLink`, and then the session has not ended. */
    signOut: () =>
      browser.exclusive(async () => {
        await auth.logout();
        known.signedOut('here');
      }),

    /** Ends every session of the person, on all devices. */
    signOutEverywhere: () =>
      browser.exclusive(async () => {
        await auth.logoutEverywhere();
        known.signedOut('everywhere');
      }),

    /** Stops listening and retrying. */
    close: () => known.close(),
  };
}

import { type RecoveryCodeList, type TotpSetup } from '@alva/validation';
import { Secret, TOTP } from 'otpauth';
import { type Auth } from './auth.ts';
import { ask, openBrowser, type Answer, type Browser } from './browser.ts';
import { createAuthenticator, type Authenticator, type Ceremony, type CreationOptions } from './authenticator.ts';
import { askForLink, signIn, type SignedIn } from './sign-in.ts';

/** The person's app. A code is good once, so each comes from another time step. */
export interface App {
  /** `steps` away from now; the service takes one before and one after. */
  code(steps?: number): string;
}

export function openApp({ secret }: Pick<TotpSetup, 'secret'>, now: () => number = Date.now): App {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return { code: (steps = 0) => totp.generate({ timestamp: now() + steps * 30_000 }) };
}

export interface Careful extends SignedIn {
  readonly id: string;
  readonly app: App;
  readonly recoveryCodes: string[];
  readonly send: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

/** Asks as the signed-in person does, from a page: with the token and the browser's cookies. */
export function senderOf({ url }: Auth, { browser, tokens }: Pick<SignedIn, 'browser' | 'tokens'>) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { authorization: `Bearer ${tokens.accessToken}`, ...(cookie ? { cookie } : {}) };
    const answer = await ask(url + path, { method, body, headers });
    for (const line of answer.setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') browser.cookies.delete(name);
      else browser.cookies.set(name, value);
    }
    return answer;
  };
}

/** Somebody who is signed in and has switched the second factor on, with the code of the step before the present one. */
export async function openCareful(auth: Auth, email?: string, now?: () => number): Promise<Careful> {
  const signedIn = await signIn(auth, email);
  const send = senderOf(auth, signedIn);
  const app = openApp(expectOk<TotpSetup>(await send('POST', '/auth/mfa/totp')), now);
  const { recoveryCodes } = expectOk<RecoveryCodeList>(
    await send('POST', '/auth/mfa/totp/confirm', { code: app.code(-1) }),
  );
  return { ...signedIn, id: signedIn.tokens.user.id, app, recoveryCodes, send };
}

/** A browser in which the first factor was shown, and the second is owed. */
export async function showFirstFactor(auth: Auth, email: string): Promise<Browser> {
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  const { status, text } = await browser.post('/auth/verify-magic-link', { token });
  if (status !== 403) throw new Error(`No second factor was asked for: ${status} ${text}`);
  return browser;
}

/** Adds a passkey to the account of whoever is signed in. */
export async function addPasskey(auth: Auth, person: Pick<SignedIn, 'browser' | 'tokens'>, ceremony: Ceremony = {}) {
  const send = senderOf(auth, person);
  const authenticator = createAuthenticator();
  const options = expectOk<CreationOptions>(await send('POST', '/auth/passkeys/registration-options'));
  const answer = await send('POST', '/auth/passkeys', { credential: authenticator.create(options, ceremony) });
  return { authenticator, answer, passkey: expectOk<{ id: string; name: string }>(answer) };
}

export async function signInWithPasskey(browser: Browser, authenticator: Authenticator, ceremony: Ceremony = {}) {
  const options = expectOk<{ challenge: string }>(await browser.post('/auth/passkeys/sign-in-options'));
  return browser.post('/auth/passkeys/sign-in', { credential: authenticator.get(options, ceremony) });
}

export function expectOk<Body>({ status, text, json }: Answer): Body {
  if (status !== 200 && status !== 201) throw new Error(`Not as expected: ${status} ${text}`);
  return json as Body;
}

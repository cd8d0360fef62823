import { type TokenAnswer } from '@alva/validation';
import { newAddress, type Auth } from './auth.ts';
import { ask, openBrowser, type Browser } from './browser.ts';

export interface ReceivedMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly link: string | null;
  readonly code: string | null;
}

export interface Attempt {
  readonly attemptId: string;
  readonly link: string;
  readonly token: string;
  readonly code: string;
}

export async function readInbox({ url }: Auth, to: string): Promise<ReceivedMail[]> {
  const { json, status, text } = await ask(`${url}/dev/inbox.json?to=${encodeURIComponent(to)}`);
  if (status !== 200) throw new Error(`The inbox could not be read: ${status} ${text}`);
  return json as ReceivedMail[];
}

/** Looks into the inbox until the mail of the attempt is there. */
export async function waitForMail(
  auth: Auth,
  to: string,
  isIt: (mail: ReceivedMail) => boolean,
): Promise<ReceivedMail> {
  for (;;) {
    const found = (await readInbox(auth, to)).find(isIt);
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Asks for a link in this browser and reads the mail. */
export async function askForLink(auth: Auth, browser: Browser, email: string, more: object = {}): Promise<Attempt> {
  const { status, json, text } = await browser.post('/auth/send-magic-link', { email, ...more });
  if (status !== 202) throw new Error(`No link was sent: ${status} ${text}`);
  const { attemptId } = json as { attemptId: string };
  const { link, code } = await waitForMail(auth, email, ({ id }) => id === attemptId);
  if (!link || !code) throw new Error('The mail has no link or no code');
  return { attemptId, link, code, token: new URL(link).hash.replace('#token=', '') };
}

export interface SignedIn {
  readonly browser: Browser;
  readonly email: string;
  readonly tokens: TokenAnswer;
}

export async function signIn(auth: Auth, email = newAddress()): Promise<SignedIn> {
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  const { status, json, text } = await browser.post('/auth/verify-magic-link', { token });
  if (status !== 200) throw new Error(`Not signed in: ${status} ${text}`);
  return { browser, email, tokens: json as TokenAnswer };
}

/** The raw refresh token in the browser. */
export function refreshTokenOf({ cookies }: Browser): string {
  const token = cookies.get('refresh_token');
  if (token === undefined) throw new Error('There is no refresh cookie');
  return token;
}

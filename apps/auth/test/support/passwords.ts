import { type TokenAnswer } from '@alva/validation';
import { newAddress, type Auth } from './auth.ts';
import { openBrowser, type Answer, type Browser } from './browser.ts';
import { waitForMail, type ReceivedMail } from './sign-in.ts';

export const goodPassword = 'violet otter under 9 lamps';
export const otherPassword = 'seven quiet rivers 4 bread';

export function tokenOf({ link }: ReceivedMail): string {
  return new URL(link ?? '').hash.replace('#token=', '');
}

export interface Registered {
  readonly browser: Browser;
  readonly email: string;
  readonly tokens: TokenAnswer;
}

/** Somebody with a password, signed in where they registered. */
export async function register(
  auth: Auth,
  { email = newAddress(), password = goodPassword } = {},
): Promise<Registered> {
  const browser = openBrowser(auth.url);
  const { json, status, text } = await browser.post('/auth/register', { email, password, name: 'Ada Byron' });
  if (status !== 202) throw new Error(`Not registered: ${status} ${text}`);
  const { attemptId } = json as { attemptId: string };
  const token = tokenOf(await waitForMail(auth, email, ({ id }) => id === attemptId));
  const answer = await browser.post('/auth/verify-magic-link', { token });
  if (answer.status !== 200) throw new Error(`Not signed in: ${answer.status} ${answer.text}`);
  return { browser, email, tokens: answer.json as TokenAnswer };
}

export function logIn(auth: Auth, email: string, password: string, browser = openBrowser(auth.url)): Promise<Answer> {
  return browser.post('/auth/login', { email, password });
}

/** Asks for a link to set a new password and reads it in the mail. */
export async function askForReset(auth: Auth, email: string): Promise<string> {
  const before = new Set<string>();
  const { status, text } = await openBrowser(auth.url).post('/auth/password/forgot', { email });
  if (status !== 202) throw new Error(`No link was sent: ${status} ${text}`);
  return tokenOf(await waitForMail(auth, email, ({ id, subject }) => /new password/.test(subject) && !before.has(id)));
}

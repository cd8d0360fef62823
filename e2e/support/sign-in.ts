import { type Page } from 'playwright-core';
import { type Stack } from './stack.ts';

export interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly link: string | null;
  readonly code: string | null;
}

/** The newest mail to an address, once that many have come. */
export function readMail(stack: Stack, to: string, count = 1): Promise<InboxMail> {
  return awaitMail(stack, to, `${count} mails`, (mails) => (mails.length >= count ? mails[0] : undefined));
}

/** The newest mail to an address whose link leads to a page, once there is one. */
export function readLetter(stack: Stack, to: string, page: string): Promise<InboxMail> {
  const leadsThere = ({ link }: InboxMail) => link !== null && new URL(link).pathname === page;
  return awaitMail(stack, to, `mail with a link to ${page}`, (mails) => mails.find(leadsThere));
}

/** The mail of a sign-in that was asked for. */
export function readMailOf(stack: Stack, to: string, attemptId: string): Promise<InboxMail> {
  return awaitMail(stack, to, `mail of attempt ${attemptId}`, (mails) => mails.find(({ id }) => id === attemptId));
}

type Choose = (newestFirst: InboxMail[]) => InboxMail | undefined;

async function awaitMail({ authUrl }: Stack, to: string, wanted: string, choose: Choose): Promise<InboxMail> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`${authUrl}/dev/inbox.json?to=${encodeURIComponent(to)}`);
    const mail = choose((await answer.json()) as InboxMail[]);
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no ${wanted} for ${to} within 15 s`);
}

/** Asks for a link on the sign-in page and waits until the page says that it is under way. */
export async function askForLink(page: Page, stack: Stack, email: string): Promise<void> {
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
}

/** Opens a mail's link as the mail program would. What opening must not do, the click does. */
export async function openLink(page: Page, { link }: InboxMail): Promise<void> {
  // A second link in the same tab differs from the first by its fragment alone, which browsers do not load anew.
  await page.goto('about:blank');
  await page.goto(link ?? '');
}

export async function pressSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The whole way from the address to wherever the app leads then. */
export async function signIn(page: Page, stack: Stack, email: string): Promise<void> {
  await askForLink(page, stack, email);
  await openLink(page, await readMail(stack, email));
  await pressSignIn(page);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

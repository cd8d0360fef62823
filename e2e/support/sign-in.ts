import { type Page } from 'playwright-core';
import { type Stack } from './stack.ts';

interface InboxMail {
  readonly to: string;
  readonly link: string | null;
  readonly code: string | null;
}

/** The newest mail to an address, as soon as it is there. */
export async function readMail(stack: Stack, to: string): Promise<InboxMail> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`${stack.authUrl}/dev/inbox.json?to=${encodeURIComponent(to)}`);
    const [mail] = (await answer.json()) as InboxMail[];
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no mail for ${to} within 15 s`);
}

/** Asks for a link on the sign-in page, opens it as the mail program would, and clicks. Ends wherever the app leads. */
export async function signIn(page: Page, stack: Stack, email: string): Promise<void> {
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: /continue|mail|link/i }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  const { link } = await readMail(stack, email);
  await page.goto(link ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

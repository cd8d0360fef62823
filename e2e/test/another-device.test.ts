import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { askForLink, openLink, pressSignIn, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
const browser = await openBrowser(t);

async function numberOn(page: Page): Promise<string> {
  const text = await page.getByText(/^Number: \d\d$/).innerText();
  return /\d\d$/.exec(text.trim())?.[0] ?? '';
}

void t.test('4: another device: the link opened there lets the waiting browser in by its number', async (t) => {
  const email = 'two-devices@example.com';
  const [laptop, phone] = [await openProfile(browser), await openProfile(browser)];
  const conduct = [watchConduct(laptop, stack), watchConduct(phone, stack)];
  const waiting = await laptop.newPage();
  await askForLink(waiting, stack, email);
  const number = await numberOn(waiting);
  t.match(number, /^\d\d$/);
  await inspectPage(t, waiting, 'check-your-inbox-number');

  const opened = await phone.newPage();
  await openLink(opened, await readMail(stack, email));
  await pressSignIn(opened);
  await opened.getByRole('heading', { name: 'Where do you want to sign in?' }).waitFor();
  const page = await opened.locator('main, body').first().innerText();
  for (const fact of [email, /on Linux/, /just now/]) t.match(page, fact);
  t.notMatch(page, new RegExp(`\\b${number}\\b.*other browser`), 'the number is not on this screen');

  const field = opened.getByLabel('Number shown in the other browser');
  await opened.getByRole('button', { name: 'Approve the other browser' }).click();
  await opened.getByText('Type the two digits').waitFor();
  await field.fill(number === '10' ? '11' : '10');
  await field.press('Enter');
  await opened.getByText('The other browser shows another number').waitFor();
  await inspectPage(t, opened, 'verify-wrong-number');
  t.equal(new URL(waiting.url()).pathname, '/sign-in', 'the waiting browser is still waiting');

  await field.fill(number);
  await field.press('Enter');
  await opened.getByRole('heading', { name: 'You approved the other browser' }).waitFor();
  await inspectPage(t, opened, 'verify-approved');
  await waiting.waitForURL(`${stack.webUrl}/plans`);
  t.strictSame(
    (await phone.cookies()).filter(({ name }) => name === 'refresh_token'),
    [],
    'no session where it was opened',
  );
  await openLink(opened, await readMail(stack, email));
  await pressSignIn(opened);
  await opened.getByRole('heading', { name: 'This link was used already' }).waitFor();
  // Refusals that the journey is about are not what the conduct watch is for.
  for (const each of conduct) t.strictSame(await each.offences(), []);
  await Promise.all([laptop.close(), phone.close()]);
});

void t.test('9: a sign-in whose link was used elsewhere says that it has ended, and sends a new mail', async (t) => {
  const email = 'over@example.com';
  const [laptop, phone] = [await openProfile(browser), await openProfile(browser)];
  const waiting = await laptop.newPage();
  await askForLink(waiting, stack, email);
  const opened = await phone.newPage();
  await openLink(opened, await readMail(stack, email));
  await pressSignIn(opened);
  await opened.getByRole('button', { name: 'Sign in here' }).click();
  await opened.waitForURL(`${stack.webUrl}/plans`);
  await waiting.getByRole('heading', { name: 'This sign-in has ended' }).waitFor();
  await inspectPage(t, waiting, 'check-your-inbox-over');
  await Promise.all([laptop.close(), phone.close()]);
});

import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { openLink, pressSignIn, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
const browser = await openBrowser(t);
const email = 'password@example.com';
const [first, second, third] = ['violet otter under 9 lamps', 'seven quiet rivers 4 bread', 'nine green doors 6 salt'];
const titled = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

async function openPasswordForm(page: Page) {
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByRole('button', { name: 'Use a password' }).click();
  await titled(page, 'Sign in with a password');
}

async function logIn(page: Page, password: string, address = email) {
  await openPasswordForm(page);
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await pressSignIn(page);
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await titled(page, 'You are signed out');
}

void t.test('a mail sent once more keeps the password that was registered', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  const email = 'again@example.com';
  await page.clock.install();
  await openPasswordForm(page);
  await page.getByRole('button', { name: 'New here? Create an account' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(first);
  await page.getByRole('button', { name: 'Continue' }).click();
  await titled(page, 'Check your inbox');
  await page.reload();
  await titled(page, 'Check your inbox');
  await page.clock.fastForward('00:31');
  await page.getByRole('button', { name: 'Send again', exact: true }).click();
  await page.getByText('Sent again').waitFor();
  await openLink(page, await readMail(stack, email, 2));
  await pressSignIn(page);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.goto(`${stack.webUrl}/plans`);
  await signOut(page);
  await logIn(page, first, email);
  await page.waitForURL(`${stack.webUrl}/plans`);
  t.strictSame(await conduct.offences(), []);
});

void t.test(
  'register with a password, sign out, sign in, forget it, reset it, change it: old sessions are over',
  async (t) => {
    const [profile, elsewhere] = [await openProfile(browser), await openProfile(browser)];
    const conducts = [profile, elsewhere].map((each) => watchConduct(each, stack));
    const [page, other] = [await profile.newPage(), await elsewhere.newPage()];

    await openPasswordForm(page);
    await inspectPage(t, page, 'password-form');
    await page.getByRole('button', { name: 'New here? Create an account' }).click();
    await titled(page, 'Create an account');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Your name').fill('Ada Byron');
    await page.getByLabel('Password', { exact: true }).fill('password1234');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('It is easy to guess').waitFor();
    await inspectPage(t, page, 'register-refused');
    await page.getByLabel('Password', { exact: true }).fill(first);
    await page.getByRole('button', { name: 'Continue' }).click();
    await titled(page, 'Check your inbox');
    await openLink(page, await readMail(stack, email));
    await pressSignIn(page);
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

    await page.goto(`${stack.webUrl}/plans`);
    await signOut(page);
    await logIn(page, 'not this one, surely');
    await page.getByText('E-mail or password is wrong').waitFor();
    await inspectPage(t, page, 'password-wrong');
    await page.getByLabel('Password', { exact: true }).fill(first);
    await pressSignIn(page);
    await page.waitForURL(`${stack.webUrl}/plans`);

    await other.goto(`${stack.webUrl}/sign-in/forgot`);
    await titled(other, 'Forgot your password?');
    await inspectPage(t, other, 'forgot');
    await other.getByLabel('E-mail address').fill(email);
    await other.getByRole('button', { name: 'Send the link' }).click();
    await titled(other, 'Check your inbox');
    await inspectPage(t, other, 'forgot-sent');
    const mail = await readMail(stack, email, 2);
    await openLink(other, mail);
    await titled(other, 'Set a new password');
    await other.locator('button:enabled', { hasText: 'Set the password' }).waitFor();
    t.equal(new URL(other.url()).hash, '', 'the token leaves the address at once');
    await inspectPage(t, other, 'reset');
    await other.getByLabel('New password').fill(second);
    await other.getByRole('button', { name: 'Set the password' }).click();
    await titled(other, 'Your password is set');
    await inspectPage(t, other, 'reset-done');
    await openLink(other, mail);
    await other.getByLabel('New password').fill(third);
    await other.getByRole('button', { name: 'Set the password' }).click();
    await titled(other, 'This link was used already');
    await inspectPage(t, other, 'reset-used');

    await page.reload();
    await page.waitForURL(/\/sign-in/);
    await logIn(page, second);
    await page.waitForURL(`${stack.webUrl}/plans`);
    await page.goto(`${stack.webUrl}/settings/security`);
    await page.getByRole('button', { name: 'Change password' }).click();
    await inspectPage(t, page, 'settings-password');
    await page.getByLabel('Current password').fill(first);
    await page.getByLabel('New password').fill(third);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('This is not your current password').waitFor();
    await page.getByLabel('Current password').fill(second);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed').waitFor();
    for (const conduct of conducts) t.strictSame(await conduct.offences(), []);
    await Promise.all([profile.close(), elsewhere.close()]);
  },
);

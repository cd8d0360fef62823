import { readFile } from 'node:fs/promises';
import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { enterAsKnownPerson } from '../support/known-person.ts';
import { openLink, readLetter, signIn } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
const browser = await openBrowser(t);
const titled = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const open = (page: Page, path: string) => page.goto(stack.webUrl + path);

/** Opens a letter's link and does what its page asks about. Opening alone must change nothing. */
async function confirm(page: Page, to: string, path: string, button: string) {
  await openLink(page, await readLetter(stack, to, path));
  await page.locator('button:enabled', { hasText: button }).waitFor();
  t.equal(new URL(page.url()).hash, '', 'the token leaves the address at once');
  await inspectPage(t, page, `link-${path.split('/').at(-1)}`);
  await press(page, button);
}

void t.test('a name is set, and the account moves to another address once both addresses confirm', async (t) => {
  const [before, after] = ['moving@example.com', 'moved@example.com'];
  const [profile, mailbox] = [await openProfile(browser), await openProfile(browser)];
  const conducts = [profile, mailbox].map((each) => watchConduct(each, stack));
  const [page, other] = [await profile.newPage(), await mailbox.newPage()];
  await enterAsKnownPerson(profile, stack, before);
  await open(page, '/settings/profile');
  await page.getByLabel('Name', { exact: true }).fill('Ada Byron');
  await press(page, 'Save name');
  await page.getByText('Name saved').waitFor();
  await inspectPage(t, page, 'settings-profile');

  await press(page, 'Change address');
  await page.getByLabel('New e-mail address').fill('nothing');
  await press(page, 'Send both links');
  await page.getByText('This is not a complete e-mail address').waitFor();
  await inspectPage(t, page, 'change-address');
  await page.getByLabel('New e-mail address').fill(after);
  await press(page, 'Send both links');
  await page.getByText('Current address').waitFor();
  await inspectPage(t, page, 'change-address-waiting');

  await confirm(other, before, '/account/confirm-email', 'Confirm change');
  await titled(other, 'One confirmation to go');
  await inspectPage(t, other, 'change-address-one-confirmed');
  await page.getByText('Confirmed', { exact: true }).waitFor();
  await confirm(other, after, '/account/confirm-email', 'Confirm change');
  await titled(other, 'Your address has changed');
  await page.getByText('Your address has changed').waitFor();
  await page.getByText(after).first().waitFor();
  await openLink(other, await readLetter(stack, after, '/account/confirm-email'));
  await press(other, 'Confirm change');
  await titled(other, 'This link was used already');

  await confirm(other, before, '/account/restore-email', 'Restore it');
  await titled(other, 'Your address is restored');
  await inspectPage(t, other, 'address-restored');
  await page.reload();
  await page.waitForURL(/\/sign-in/);
  for (const conduct of conducts) t.strictSame(await conduct.offences(), []);
  await Promise.all([profile.close(), mailbox.close()]);
});

void t.test('sessions are listed, and end from the list within a second, where they are', async (t) => {
  const email = 'sessions@example.com';
  const profiles = await Promise.all([openProfile(browser), openProfile(browser), openProfile(browser)]);
  const conducts = profiles.map((each) => watchConduct(each, stack));
  const pages: Page[] = [];
  for (const profile of profiles) {
    await enterAsKnownPerson(profile, stack, email);
    const page = await profile.newPage();
    pages.push(page);
    await open(page, '/settings/sessions');
    await page.getByText('This device').waitFor();
  }
  const [first, second, third] = pages as [Page, Page, Page];
  await first.reload();
  const rows = first.getByRole('main').getByRole('listitem').filter({ hasText: 'Signed in' });
  await rows.nth(2).waitFor();
  t.equal(await rows.count(), 3);
  t.match(await rows.first().innerText(), /This device/, 'the one that asks comes first');
  await inspectPage(t, first, 'sessions');
  // The newest of the others is the third browser's.
  await rows
    .nth(1)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await first.getByText('Signed out', { exact: true }).waitFor();
  await third.bringToFront();
  await third.reload();
  await third.waitForURL(/\/sign-in/);
  await press(first, 'Sign out other devices');
  await titled(first, 'Sign out other devices?');
  await first.getByRole('alertdialog').getByRole('button', { name: 'Sign out other devices' }).click();
  await first.getByText('You are not signed in anywhere else.').waitFor();
  await inspectPage(t, first, 'sessions-one');
  await second.bringToFront();
  await second.reload();
  await second.waitForURL(/\/sign-in/);
  await press(first, 'Sign out everywhere');
  await titled(first, 'Sign out everywhere?');
  await inspectPage(t, first, 'sign-out-everywhere');
  await first.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await titled(first, 'You are signed out everywhere');
  for (const conduct of conducts) t.strictSame(await conduct.offences(), []);
  await Promise.all(profiles.map((profile) => profile.close()));
});

void t.test('a copy of all data is made and downloaded', async (t) => {
  const email = 'export@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await enterAsKnownPerson(profile, stack, email);
  await open(page, '/settings/account');
  await page.getByRole('button', { name: 'Prepare a copy' }).waitFor();
  await inspectPage(t, page, 'settings-account');
  await press(page, 'Prepare a copy');
  await page.getByRole('button', { name: 'Download' }).waitFor();
  await inspectPage(t, page, 'data-copy-ready');
  t.ok(await readLetter(stack, email, '/settings/account'));
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')]);
  t.equal(download.suggestedFilename(), 'alva-data.json');
  const copy = JSON.parse(await readFile(await download.path(), 'utf8')) as { account: unknown; profile: unknown };
  t.match(copy, { account: { person: [{ email }] }, profile: { businessName: 'Kaffee Nord' } });
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('an account is deleted by typing, and kept by coming back or by the letter', async (t) => {
  const email = 'leaving@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await enterAsKnownPerson(profile, stack, email);

  async function leave() {
    await open(page, '/settings/account');
    await press(page, 'Delete account');
    await page.getByLabel('Type your e-mail address').fill('someone@example.com');
    await press(page, 'Delete my account');
    await page.getByText('This is not the address of this account').waitFor();
    await inspectPage(t, page, 'delete-account');
    await page.getByLabel('Type your e-mail address').fill(email);
    await press(page, 'Delete my account');
    await titled(page, 'Your account will be deleted');
  }

  await leave();
  await inspectPage(t, page, 'leaving');
  await open(page, '/plans');
  await page.waitForURL(/\/sign-in/);
  await signIn(page, stack, email);
  await page.getByRole('heading', { name: /^Your account will be deleted on / }).waitFor();
  await inspectPage(t, page, 'keep-account');
  await press(page, 'Keep my account');
  await titled(page, 'No plan yet');

  await leave();
  await confirm(page, email, '/account/keep', 'Keep my account');
  await titled(page, 'Your account stays');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await titled(page, 'Sign in to Alva');
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

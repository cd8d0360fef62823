import { type Page } from 'playwright-core';
import t from 'tap';
import { addPasskeyDevice, appCode } from '../support/authenticators.ts';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { enterAsKnownPerson } from '../support/known-person.ts';
import { askForLink, openLink, pressSignIn, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
const browser = await openBrowser(t);
const security = `${stack.webUrl}/settings/security`;
const titled = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function signOut(page: Page) {
  await press(page, 'Your account');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await titled(page, 'You are signed out');
}

async function typeCode(page: Page, label: string, code: string) {
  await page.getByRole('textbox', { name: label }).first().fill(code);
}

void t.test('a passkey is added, and signs in by the suggestions of the field and by the button', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  const device = await addPasskeyDevice(profile, page);
  await enterAsKnownPerson(profile, stack, 'passkey@example.com');
  await page.goto(security);
  await press(page, 'Add a passkey');
  await page.getByText('“Passkey” can sign you in').waitFor();
  t.equal(await device.countPasskeys(), 1);
  await press(page, 'Rename Passkey');
  await page.getByLabel('Name of the passkey').fill('My laptop');
  await inspectPage(t, page, 'passkey-rename');
  await press(page, 'Save');
  await page.getByText('My laptop').waitFor();
  await page.locator(':focus').getByText('Rename').waitFor();
  await inspectPage(t, page, 'passkeys');
  await press(page, 'Add a passkey');
  await page.getByText('This device has a passkey of your account.').waitFor();

  await signOut(page);
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.waitForURL(`${stack.webUrl}/plans`);

  // Without suggestions it is the button that signs in from here on.
  await page.addInitScript(() =>
    Object.assign(PublicKeyCredential, { isConditionalMediationAvailable: () => Promise.resolve(false) }),
  );
  await signOut(page);
  await page.goto(`${stack.webUrl}/sign-in`);
  await inspectPage(t, page, 'sign-in-with-passkey');
  await press(page, 'Use a passkey');
  await page.waitForURL(`${stack.webUrl}/plans`);

  await page.goto(security);
  await press(page, 'Remove My laptop');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Passkey removed').waitFor();
  await page.getByText('My laptop').waitFor({ state: 'detached' });
  await signOut(page);
  await page.goto(`${stack.webUrl}/sign-in`);
  await press(page, 'Use a passkey');
  await page.getByText('This passkey does not work here').waitFor();
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('an app is set up, and asked for after the link; a recovery code stands in for it once', async (t) => {
  const email = 'two-step@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await enterAsKnownPerson(profile, stack, email);
  await page.goto(security);
  await press(page, 'Set up an app');
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  const secret = (await page.locator('code').innerText()).trim();
  await inspectPage(t, page, 'second-factor-setup');
  await page.emulateMedia({ colorScheme: 'dark' });
  const fills = (part: string) =>
    page.locator(`svg[role=img] ${part}`).evaluate((shape) => getComputedStyle(shape).fill);
  t.strictSame(
    [await fills('rect'), await fills('path')],
    ['rgb(255, 255, 255)', 'rgb(0, 0, 0)'],
    'cameras can read it',
  );
  await typeCode(page, 'Code from your app', '000000');
  await page.getByText('This is not the code that the app shows now').waitFor();
  await typeCode(page, 'Code from your app', appCode(secret, -1));
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.first().waitFor();
  const [first = ''] = await codes.allInnerTexts();
  t.equal(await codes.count(), 10);
  await inspectPage(t, page, 'recovery-codes');
  await press(page, 'I have saved them');
  await page.getByText('10 recovery codes are left.').waitFor();
  await inspectPage(t, page, 'second-factor-on');

  await signOut(page);
  await askForLink(page, stack, email);
  await openLink(page, await readMail(stack, email, 3));
  await pressSignIn(page);
  await titled(page, 'One more step');
  await inspectPage(t, page, 'second-factor');
  await typeCode(page, 'Code from your app', '000000');
  await page.getByText('This code is not right').waitFor();
  await inspectPage(t, page, 'second-factor-wrong-code');
  await typeCode(page, 'Code from your app', appCode(secret));
  await page.waitForURL(`${stack.webUrl}/plans`);

  await signOut(page);
  await askForLink(page, stack, email);
  const { code } = await readMail(stack, email, 4);
  await typeCode(page, 'Sign-in code', code ?? '');
  await titled(page, 'One more step');
  await press(page, 'Use a recovery code');
  await page.getByLabel('Recovery code').fill('short');
  await press(page, 'Sign in');
  await page.getByText('twenty letters and digits').waitFor();
  await inspectPage(t, page, 'second-factor-recovery');
  await page.getByLabel('Recovery code').fill(first.toLowerCase());
  await press(page, 'Sign in');
  await page.waitForURL(`${stack.webUrl}/plans`);
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('what matters asks once more who it is, and then does what was asked for', async (t) => {
  const email = 'step-up@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await enterAsKnownPerson(profile, stack, email);
  await stack.database.sql`update auth.sessions s set authenticated_at = now() - interval '1 hour'
    from auth.users u where u.id = s.user_id and u.email = ${email}`;
  await page.goto(security);
  await press(page, 'Set up an app');
  await titled(page, 'Confirm that it is you');
  await inspectPage(t, page, 'step-up');
  await press(page, 'Mail me a code');
  await page.getByRole('textbox', { name: 'Code from the mail' }).first().waitFor();
  await typeCode(page, 'Code from the mail', 'AAAAAA');
  await page.getByText('This code is not right').waitFor();
  await inspectPage(t, page, 'step-up-wrong-code');
  const { code } = await readMail(stack, email, 2);
  await typeCode(page, 'Code from the mail', code ?? '');
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { askForLink, openLink, pressSignIn, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
const browser = await openBrowser(t);

void t.test('the code of the mail signs in, also after a reload, and takes the other tabs along', async (t) => {
  const email = 'code@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const [page, other] = [await profile.newPage(), await profile.newPage()];
  await askForLink(page, stack, email);
  const { code } = await readMail(stack, email);
  await page.reload();
  await other.goto(`${stack.webUrl}/sign-in`);
  for (const tab of [page, other]) await tab.getByText(email).waitFor();
  await page.bringToFront();
  // In the first field and all at once, as a paste or the keyboard's suggestion fills it.
  await page
    .getByRole('textbox', { name: 'Sign-in code' })
    .first()
    .fill(code ?? '');
  for (const tab of [page, other]) await tab.waitForURL(`${stack.webUrl}/plans`);
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('opening a link spends nothing; the click does, once', async (t) => {
  const email = 'used@example.com';
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await askForLink(page, stack, email);
  const mail = await readMail(stack, email);
  for (let visit = 0; visit < 3; visit += 1) {
    await openLink(page, mail);
    await page.getByRole('heading', { name: 'One click to sign in' }).waitFor();
    await page.locator('button:enabled', { hasText: 'Sign in' }).waitFor();
    t.equal(new URL(page.url()).hash, '', 'the token leaves the address at once');
  }
  await pressSignIn(page);
  await page.waitForURL(`${stack.webUrl}/plans`);

  await openLink(page, mail);
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'This link was used already' }).waitFor();
  await page.getByRole('link', { name: 'Go to your plans' }).waitFor();
  await inspectPage(t, page, 'link-used-signed-in');

  // The second click ended nothing.
  await page.getByRole('link', { name: 'Go to your plans' }).click();
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await openLink(page, mail);
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'This link was used already' }).waitFor();
  await page.getByRole('link', { name: 'Get a new link' }).waitFor();
  await inspectPage(t, page, 'link-used');
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('an expired link says so and sends a new one on one click', async (t) => {
  const email = 'expired@example.com';
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await askForLink(page, stack, email);
  await stack.database.sql`
    update auth.sign_in_attempts set expires_at = now() - interval '1 minute' where email = ${email}`;
  await openLink(page, await readMail(stack, email));
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'This link has expired' }).waitFor();
  await page.getByText(email).waitFor();
  await inspectPage(t, page, 'link-expired');

  await page.getByRole('button', { name: 'Send a new link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  await openLink(page, await readMail(stack, email, 2));
  await pressSignIn(page);
  await page.waitForURL(`${stack.webUrl}/plans`);
  await profile.close();
});

void t.test('a link that a newer one replaced says so, and the newer one works', async (t) => {
  const email = 'superseded@example.com';
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await askForLink(page, stack, email);
  const older = await readMail(stack, email);
  await page.getByRole('button', { name: 'Change address' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  const newer = await readMail(stack, email, 2);
  await openLink(page, older);
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'There is a newer link' }).waitFor();
  await inspectPage(t, page, 'link-superseded');
  await openLink(page, newer);
  await pressSignIn(page);
  await page.waitForURL(`${stack.webUrl}/plans`);
  await profile.close();
});

void t.test('a mangled link says so, whether a piece or all of it is missing', async (t) => {
  const email = 'mangled@example.com';
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await askForLink(page, stack, email);
  const mail = await readMail(stack, email);
  await openLink(page, { ...mail, link: mail.link?.slice(0, -7) ?? null });
  await page.getByRole('heading', { name: 'This link is not complete' }).waitFor();
  await inspectPage(t, page, 'link-mangled');
  await openLink(page, { ...mail, link: mail.link?.split('#')[0] ?? null });
  await page.getByRole('heading', { name: 'This link is not complete' }).waitFor();
  await page.getByRole('button', { name: 'Send a new link' }).waitFor();
  await openLink(page, mail);
  await pressSignIn(page);
  await page.waitForURL(`${stack.webUrl}/plans`);
  await profile.close();
});

void t.test('a link opened in another browser asks first', async (t) => {
  const email = 'elsewhere@example.com';
  const asking = await openProfile(browser);
  await askForLink(await asking.newPage(), stack, email);
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await openLink(page, await readMail(stack, email));
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'Where do you want to sign in?' }).waitFor();
  await inspectPage(t, page, 'verify-other-browser');
  await page.getByRole('button', { name: 'Sign in here' }).click();
  await page.waitForURL(`${stack.webUrl}/plans`);
  await Promise.all([asking.close(), profile.close()]);
});

void t.test('the page of a link names nobody before auth has said whose link it is', async (t) => {
  const [mine, other] = ['waiting@example.com', 'attacker@example.com'];
  const [profile, elsewhere] = [await openProfile(browser), await openProfile(browser)];
  const page = await profile.newPage();
  await askForLink(await elsewhere.newPage(), stack, other);
  await askForLink(page, stack, mine);
  for (const email of [other, mine]) {
    await openLink(page, await readMail(stack, email));
    await page.locator('button:enabled', { hasText: 'Sign in' }).waitFor();
    t.notMatch(await page.locator('body').innerText(), '@example.com', `the link of ${email}`);
  }
  await openLink(page, await readMail(stack, other));
  await pressSignIn(page);
  await page.getByRole('heading', { name: 'Where do you want to sign in?' }).waitFor();
  const asked = await page.locator('body').innerText();
  t.match(asked, other, 'whose account would be entered');
  t.notMatch(asked, mine, 'not whom this browser waits for');
  await Promise.all([profile.close(), elsewhere.close()]);
});

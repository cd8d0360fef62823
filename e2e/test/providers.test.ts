import { openIdIssuer } from '@alva/testing';
import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { enterAsKnownPerson } from '../support/known-person.ts';
import { startStack } from '../support/stack.ts';

const stack = await startStack(t);
// A real OpenID provider beside the product. Each has to know the other's address, so auth starts once more.
const issuer = await openIdIssuer(t, [`${stack.authUrl}/auth/oauth/oidc/callback`]);
await stack.kill('auth');
await stack.start('auth', {
  OIDC_ISSUER_URL: issuer.url,
  OIDC_CLIENT_ID: issuer.client.id,
  OIDC_CLIENT_SECRET: issuer.client.secret,
  OIDC_LABEL: 'Example ID',
  OIDC_TRUST_EMAIL: 'true',
  // Only to be looked at: nobody goes there.
  GOOGLE_CLIENT_ID: 'x',
  GOOGLE_CLIENT_SECRET: 'x',
  GITHUB_CLIENT_ID: 'x',
  GITHUB_CLIENT_SECRET: 'x',
  APPLE_CLIENT_ID: 'x',
  APPLE_CLIENT_SECRET: 'x',
});
const browser = await openBrowser(t);
const titled = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

async function signInThere(page: Page, name: string): Promise<void> {
  await titled(page, 'Example ID');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Go on' }).click();
}

void t.test('sign in with a provider, the second time without being asked anything', async (t) => {
  issuer.setAccount('anna', {
    subject: 'anna-1',
    claims: { email: 'anna@example.com', email_verified: true, name: 'Anna' },
  });
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/sign-in?next=/settings/profile`);
  await page.getByRole('link', { name: 'Continue with Example ID' }).waitFor();
  await inspectPage(t, page, 'sign-in-providers');
  await page.getByRole('link', { name: 'Continue with Example ID' }).click();
  await signInThere(page, 'anna');
  await page.waitForURL(`${stack.webUrl}/settings/profile`);
  await page.getByRole('link', { name: 'Describe your business' }).waitFor();
  t.match(await stack.database.sql`select email, name from auth.users`, [{ email: 'anna@example.com', name: 'Anna' }]);

  await profile.clearCookies({ name: 'refresh_token' });
  await page.goto(`${stack.webUrl}/sign-in`);
  const again = page.getByRole('link', { name: /^Continue with Example ID ?, ?Last used$/ });
  await again.waitFor();
  await inspectPage(t, page, 'sign-in-last-used');
  await again.click();
  await page.waitForURL(`${stack.webUrl}/plans`);
  t.equal((await stack.database.sql`select from auth.users`).length, 1);
  t.equal((await stack.database.sql`select from auth.sessions`).length, 2);
  t.notMatch(await page.evaluate(() => document.referrer), 'code=', 'no page learns the address that held the code');
  await profile.close();
});

void t.test('whoever cancels, or is not vouched for, is told so on a page of ours', async (t) => {
  issuer.setAccount('bert', { subject: 'bert-1', claims: { email: 'bert@example.com', email_verified: 'true' } });
  const profile = await openProfile(browser);
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByRole('link', { name: 'Continue with Example ID' }).click();
  await titled(page, 'Example ID');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await titled(page, 'You did not sign in');
  t.equal(new URL(page.url()).hash, '', 'the address says nothing any more');
  await inspectPage(t, page, 'provider-cancelled');

  await page.getByRole('link', { name: 'Back to sign-in' }).click();
  await page.getByRole('link', { name: 'Continue with Example ID' }).click();
  await signInThere(page, 'bert');
  await titled(page, 'Example ID has not confirmed your address');
  await inspectPage(t, page, 'provider-not-believed');
  t.equal((await stack.database.sql`select from auth.users where email = 'bert@example.com'`).length, 0);

  await page.goto(`${stack.webUrl}/sign-in/complete#next=/plans&way=oidc`);
  await titled(page, 'You are not signed in yet');
  await inspectPage(t, page, 'complete-without-session');
  await profile.close();
});

void t.test('connect a provider in the settings, and disconnect it', async (t) => {
  issuer.setAccount('carla', {
    subject: 'carla-1',
    claims: { email: 'carla@elsewhere.example', email_verified: true },
  });
  issuer.setAccount('anna', { subject: 'anna-1', claims: { email: 'anna@example.com', email_verified: true } });
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  await enterAsKnownPerson(profile, stack, 'carla@example.com');
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/settings/security`);
  await page.getByRole('button', { name: 'Connect Example ID' }).waitFor();
  await inspectPage(t, page, 'security-not-connected');

  await page.getByRole('button', { name: 'Connect Example ID' }).click();
  await signInThere(page, 'carla');
  await page.getByText('Example ID is connected').waitFor();
  await page.getByText('carla@elsewhere.example').waitFor();
  await inspectPage(t, page, 'security-connected');
  await page.getByRole('button', { name: 'Disconnect Example ID' }).click();
  await titled(page, 'Disconnect Example ID?');
  await inspectPage(t, page, 'security-disconnect-dialog');
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await page.getByRole('button', { name: 'Connect Example ID' }).waitFor();
  t.equal((await stack.database.sql`select from auth.identities where subject = 'carla-1'`).length, 0);

  await profile.clearCookies({ domain: 'localhost', name: /^_session/ });
  await page.getByRole('button', { name: 'Connect Example ID' }).click();
  await signInThere(page, 'anna');
  await page.getByText('This Example ID account is already in use').waitFor();
  await inspectPage(t, page, 'security-identity-taken');
  const offences = await conduct.offences();
  t.strictSame(
    offences.filter((offence) => !offence.includes(issuer.url)),
    [],
  );
  await profile.close();
});

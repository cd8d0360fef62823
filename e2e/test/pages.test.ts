import { createFakeModel, streams } from '@alva/testing';
import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { inspectPage } from '../support/inspect-page.ts';
import { enterAsKnownPerson } from '../support/known-person.ts';
import { askForLink, openLink, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

// Every page in every state it can be in: accessible, fitting its screen, and kept as a picture.

const stack = await startStack(t, {}, { worker: { LLM_DEMO_PACE: '40' } });
const browser = await openBrowser(t);
const titled = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

void t.test('headers: every page brings a policy with a nonce of its own and talks to auth and api only', async (t) => {
  const nonces = new Set<string>();
  for (const path of [
    '/',
    '/sign-in',
    '/sign-in/verify',
    '/sign-in/second-factor',
    '/plans',
    '/welcome',
    '/nowhere',
    '/plans/x?y=<script>',
  ]) {
    const answer = await fetch(stack.webUrl + path, { redirect: 'manual' });
    const page = await answer.text();
    const headers = Object.fromEntries(answer.headers);
    t.match(
      headers,
      { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': /no-store/ },
      `${answer.status} ${path}`,
    );
    t.notOk(headers['server'] ?? headers['x-powered-by'], 'no banners');
    const policy = new Map(
      (headers['content-security-policy'] ?? '').split('; ').map((part) => {
        const [name = '', ...values] = part.split(' ');
        return [name, values.join(' ')];
      }),
    );
    const [, nonce = ''] = /^'nonce-([\w+/=-]+)' 'strict-dynamic'$/.exec(policy.get('script-src') ?? '') ?? [];
    t.match(nonce, /^.{16,}$/, 'scripts run by nonce alone');
    nonces.add(nonce);
    t.strictSame(policy.get('connect-src')?.split(' ').sort(), ["'self'", stack.apiUrl, stack.authUrl].sort());
    t.strictSame([policy.get('default-src'), policy.get('frame-ancestors')], ["'none'", "'none'"]);
    const foreign = [...page.matchAll(/(?:src|href)="(https?:\/\/[^"/]+)/g)].map(([, origin]) => origin);
    t.strictSame(
      foreign.filter((origin) => origin !== stack.webUrl && origin !== stack.authUrl),
      [],
      'nothing is loaded from anybody else',
    );
    t.notMatch(page, /<[^>]+ style="/, 'no style that the policy refuses');
  }
  t.equal(nonces.size, 8, 'never the same one twice');
});

void t.test('before the sign-in', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const page = await profile.newPage();
  await page.goto(stack.webUrl);
  await inspectPage(t, page, 'landing');
  await page.goto(`${stack.webUrl}/nowhere`);
  await titled(page, 'There is nothing here');
  await inspectPage(t, page, 'not-found');

  await page.goto(`${stack.webUrl}/sign-in`);
  await inspectPage(t, page, 'sign-in');
  await page.getByLabel('E-mail address').fill('anna@example');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This is not a complete e-mail address').waitFor();
  await inspectPage(t, page, 'sign-in-invalid');
  await askForLink(page, stack, 'anna@example.com');
  await inspectPage(t, page, 'check-your-inbox');
  await page.getByRole('textbox', { name: 'Sign-in code' }).first().pressSequentially('AAAAAA');
  await page.getByText('This code is not right').waitFor();
  await inspectPage(t, page, 'check-your-inbox-wrong-code');
  const mail = await readMail(stack, 'anna@example.com');
  const inbox = await profile.newPage();
  await inbox.goto(`${stack.authUrl}/dev/inbox`);
  // It reloads itself to show new mail, without a script: fine for a page that only development has.
  await inspectPage(t, inbox, 'inbox', ['meta-refresh']);
  await inbox.close();
  await openLink(page, mail);
  await page.locator('button:enabled', { hasText: 'Sign in' }).waitFor();
  await inspectPage(t, page, 'verify');
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('the first run', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  await enterAsKnownPerson(profile, stack, 'new@example.com', null);
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/plans`);
  await titled(page, 'Your first plan starts with your business');
  await inspectPage(t, page, 'plans-before-profile');
  await page.goto(`${stack.webUrl}/settings/profile`);
  await page.getByRole('link', { name: 'Describe your business' }).waitFor();
  await inspectPage(t, page, 'settings-before-profile');

  const next = page.getByRole('button', { name: 'Continue' });
  await page.goto(`${stack.webUrl}/welcome`);
  await titled(page, 'Your business');
  await next.click();
  await page.getByText('Enter the name of your business.').waitFor();
  await inspectPage(t, page, 'welcome-1-missing');
  await page.getByLabel('Business name').fill('Kaffee Nord');
  await page.getByLabel('Industry').fill('Coffee roastery');
  await page.getByLabel('What do you sell?').fill('Small-batch filter coffee, roasted on Tuesdays.');
  await inspectPage(t, page, 'welcome-1');
  await next.click();
  await page.getByLabel('Who buys from you?').fill('People who brew filter coffee at home.');
  await inspectPage(t, page, 'welcome-2');
  await next.click();
  await page.getByLabel('What do you want to reach?').fill('200 subscriptions by spring');
  await page.getByLabel('What do you want to reach?').press('Enter');
  for (const channel of ['Search ads', 'E-mail', 'Blog']) await page.getByRole('checkbox', { name: channel }).check();
  await inspectPage(t, page, 'welcome-3');
  await next.click();
  await page.getByRole('button', { name: 'Write my plan' }).click();
  await page.getByText('Enter a whole amount').waitFor();
  t.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('name')),
    'amount',
    'the focus is where to begin',
  );
  await inspectPage(t, page, 'welcome-4-missing');
  await page.getByLabel('Monthly budget').fill('800');
  await page.getByRole('radio', { name: 'I have tried a few things' }).check();
  await inspectPage(t, page, 'welcome-4');
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('plans, from the first to the one that failed', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  await enterAsKnownPerson(profile, stack, 'owner@example.com');
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/plans`);
  await titled(page, 'No plan yet');
  await inspectPage(t, page, 'plans-empty');
  const newPlan = page.getByRole('button', { name: 'New plan' });
  const toPlans = page.getByRole('link', { name: 'Plans', exact: true }).last();

  await newPlan.click();
  await page.getByRole('heading', { name: 'One clear promise' }).waitFor();
  await inspectPage(t, page, 'plan-generating');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await titled(page, 'Stop writing this plan?');
  await inspectPage(t, page, 'plan-cancel-dialog');
  await page.getByRole('button', { name: 'Stop writing' }).click();
  await page.getByText('You stopped this plan').waitFor();
  await inspectPage(t, page, 'plan-cancelled');

  await stack.kill('worker');
  await toPlans.click();
  await newPlan.click();
  await page.getByText('Queued').first().waitFor();
  await inspectPage(t, page, 'plan-queued');
  await stack.start('worker', { LLM_DEMO_PACE: '0' });
  await titled(page, 'Tasks');
  await inspectPage(t, page, 'plan-finished');

  const model = await createFakeModel(t);
  model.behave(streams({ pieces: [JSON.stringify(halfAPlan).slice(0, -40)], finish: 'length' }));
  await stack.kill('worker');
  await stack.start('worker', { LLM_PROVIDER: 'openai-compatible', OPENAI_BASE_URL: model.url, LLM_MODEL: 'fake-1' });
  await toPlans.click();
  await newPlan.click();
  await page.getByText('This plan could not be finished').waitFor();
  await page.getByText('The model ran out of room').first().waitFor();
  await inspectPage(t, page, 'plan-failed');

  await stack.kill('worker');
  await toPlans.click();
  await newPlan.click();
  await page.getByText('Queued').first().waitFor();
  await toPlans.click();
  await page.getByText('Being written', { exact: true }).waitFor();
  await inspectPage(t, page, 'plans');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  // Base UI's focus guards are hidden on purpose and hand the focus on, and its menus live outside of any landmark.
  await inspectPage(t, page, 'menu', ['aria-hidden-focus', 'region']);
  await page.keyboard.press('Escape');
  await page.goto(`${stack.webUrl}/settings/profile`);
  await page.getByRole('button', { name: 'Save profile' }).waitFor();
  await inspectPage(t, page, 'settings');
  await page.goto(`${stack.webUrl}/plans/0199aaaa-0000-7000-8000-000000000000`);
  await titled(page, 'There is no such plan');
  await inspectPage(t, page, 'plan-not-found');
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('outages, each called what it is and over by itself', async (t) => {
  const profile = await openProfile(browser);
  await enterAsKnownPerson(profile, stack, 'patient@example.com');
  const page = await profile.newPage();
  await stack.kill('api');
  await page.goto(`${stack.webUrl}/plans`);
  await titled(page, 'We could not reach the server');
  await inspectPage(t, page, 'api-down');
  await stack.start('api');
  await page.getByRole('button', { name: 'Try again' }).click();
  await titled(page, 'No plan yet');

  await stack.kill('auth');
  await page.reload();
  await titled(page, 'We cannot reach sign-in right now');
  await inspectPage(t, page, 'auth-down');
  await stack.start('auth');
  await titled(page, 'No plan yet');

  await profile.setOffline(true);
  await page.getByText('You are offline').waitFor();
  await inspectPage(t, page, 'offline');
  await profile.setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'hidden' });

  await stack.database.sql`
    update auth.sessions set ended_at = now(), end_reason = 'signed-out'
    where user_id = (select id from auth.users where email = 'patient@example.com')`;
  await page.reload();
  await page.waitForURL(/\/sign-in/);
  await profile.close();
});

void t.test('signed out, here and in another tab', async (t) => {
  const profile = await openProfile(browser);
  await enterAsKnownPerson(profile, stack, 'leaver@example.com');
  const [page, other] = [await profile.newPage(), await profile.newPage()];
  for (const each of [page, other]) {
    await each.goto(`${stack.webUrl}/plans`);
    await titled(each, 'No plan yet');
  }
  await page.bringToFront();
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await titled(page, 'You are signed out');
  await inspectPage(t, page, 'signed-out');
  await titled(other, 'You signed out in another tab');
  await inspectPage(t, other, 'signed-out-elsewhere');
  await profile.close();
});

void t.test('the web server answers probes, and does not start with an address that is none', async (t) => {
  for (const path of ['/healthz', '/readyz']) {
    const answer = await fetch(stack.webUrl + path);
    t.strictSame([answer.status, await answer.json()], [200, { status: 'ok' }], path);
    t.equal(answer.headers.get('cache-control'), 'no-store');
    t.strictSame(answer.headers.getSetCookie(), []);
  }
  await stack.kill('web');
  await t.rejects(stack.start('web', { API_URL: 'api.example.com' }), { message: /^web ended with 1 / });
});

/** What a model had written when it ran out of room. */
const halfAPlan = {
  title: 'Fewer one-time orders, more Tuesdays',
  summary:
    'Kaffee Nord already has what subscriptions are sold on: a fixed day of roasting and people who notice. The plan turns first orders into second ones before it pays for new ones.',
  sections: [
    {
      channel: 'positioning',
      title: 'Coffee with a weekday',
      body: 'Roasted on Tuesday, in the letter box on Thursday. **Say the day** in every headline: it is the one thing that no supermarket can.',
      budgetShare: 10,
    },
    {
      channel: 'email',
      title: 'The second bag',
      body: 'Nine days after the first order the bag is empty. That is the day for the first letter, with one sentence about the roast and one button that',
      budgetShare: 30,
    },
  ],
};

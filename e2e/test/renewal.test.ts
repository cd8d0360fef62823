import { type Page } from 'playwright-core';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { enterAsKnownPerson } from '../support/known-person.ts';
import { startStack } from '../support/stack.ts';
import { type Exchange, recordTraffic, refreshes } from '../support/traffic.ts';

const stack = await startStack(
  t,
  { ACCESS_TOKEN_TTL: '5s' },
  {
    api: { NODE_OPTIONS: `--import=${new URL('../support/fast-clock.ts', import.meta.url).href}` },
    // Slow enough that a plan outlives several tokens.
    worker: { LLM_DEMO_PACE: '36' },
  },
);
const browser = await openBrowser(t);

void t.test('tokens run out while a plan streams, and the person notices nothing', async (t) => {
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);
  const traffic = recordTraffic(profile, stack);
  await enterAsKnownPerson(profile, stack, 'long@example.com');
  const page = await profile.newPage();
  await page.goto(`${stack.webUrl}/plans`);
  await page.getByRole('button', { name: 'New plan' }).click();
  await page.locator('.plan-lead').waitFor();
  const watched = await page.evaluateHandle(() => {
    const main = document.querySelector('main');
    const disturbances: string[] = [];
    let longest = 0;
    const look = () => {
      const text = main?.textContent ?? '';
      const [trouble] =
        /connection lost|signed out|session has ended|cannot reach|could not|went wrong/i.exec(text) ?? [];
      if (trouble !== undefined) disturbances.push(trouble);
      if (main?.querySelector('[aria-busy=true]')) disturbances.push('back to a skeleton');
      const written = text.includes('Being written') ? (main?.querySelector('article')?.textContent.length ?? 0) : 0;
      // Half a mark of Markdown is shown until its other half tells what it is.
      if (written < longest - 4 && text.includes('Being written'))
        disturbances.push(`lost ${longest - written} characters`);
      longest = Math.max(longest, written);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    return { disturbances, written: () => longest };
  });

  await page.getByRole('heading', { name: 'Tasks' }).waitFor({ timeout: 60_000 });
  t.strictSame(await watched.evaluate(({ disturbances }) => disturbances), []);
  t.ok((await watched.evaluate(({ written }) => written())) > 1000, 'the text was seen growing');

  const streams = traffic.filter(({ call, status }) => call === 'GET /jobs/:id/events' && status === 200);
  t.ok(streams.length > 1, `${streams.length} streams, each of which outlives its token once`);
  const refused = traffic.filter(({ status }) => status === 401);
  t.ok(refused.length > 0, 'a token ran out while it was written');
  for (const each of refused) {
    const after = traffic.slice(traffic.indexOf(each) + 1);
    const retry = after.find(({ call }) => call === each.call);
    t.match(retry, { status: 200 }, `${each.call}: refused, repeated once and carried out`);
    t.not(retry?.token, each.token, 'with a new token');
    t.comment(after.slice(0, 3).reduce((line, { call, status }) => `${line}, ${call} ${status}`, `${each.call} 401`));
    const between = after.slice(0, retry === undefined ? undefined : after.indexOf(retry));
    t.strictSame(
      refreshes(between).map(({ status }) => status),
      [200],
      'from one refresh',
    );
  }
  t.strictSame(await conduct.offences(), []);
  await profile.close();
});

void t.test('two tabs whose token has run out renew it by one refresh, and both go on', async (t) => {
  // Plans that are written at once, so that nothing asks for anything between the rounds.
  await stack.kill('worker');
  await stack.start('worker', { LLM_DEMO_PACE: '0' });
  const profile = await openProfile(browser);
  const traffic = recordTraffic(profile, stack);
  await enterAsKnownPerson(profile, stack, 'tabs@example.com');
  const tabs = [await profile.newPage(), await profile.newPage()];
  for (const tab of tabs) {
    await tab.goto(`${stack.webUrl}/plans`);
    await tab.getByRole('button', { name: 'New plan' }).waitFor();
  }
  for (const round of [1, 2]) {
    await untilRefused(traffic.findLast(({ token }) => token !== undefined));
    const [before, seen] = [await successors(), traffic.length];
    // Not `click`, which waits for two frames first: the tab behind draws only one a second.
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'New plan' }).dispatchEvent('click')));
    await Promise.all(tabs.map((tab) => tab.waitForURL(/\/plans\/[0-9a-f-]{36}$/)));
    const since = traffic.slice(seen);
    t.strictSame(
      refreshes(since).map(({ status }) => status),
      [200],
      `round ${round}: one refresh`,
    );
    t.equal((await successors()) - before, 1, 'one successor');
    const accepted = since.filter(({ call, status }) => call === 'POST /plans/generate' && status === 202);
    t.equal(new Set(accepted.map(({ page }) => page)).size, 2, 'both tabs were served');
    t.equal(new Set(accepted.map(({ token }) => token)).size, 1, 'by the same token');
    await Promise.all(
      tabs.map((tab) => tab.getByRole('link', { name: 'Plans', exact: true }).last().dispatchEvent('click')),
    );
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'New plan' }).waitFor()));
    await Promise.all(
      tabs.map((tab) => tab.getByText('Being written', { exact: true }).first().waitFor({ state: 'detached' })),
    );
  }
  await profile.close();
});

void t.test('signing out in one tab signs out the other, for good', async (t) => {
  const profile = await openProfile(browser);
  const traffic = recordTraffic(profile, stack);
  await enterAsKnownPerson(profile, stack, 'leaves@example.com');
  const [tab, other] = [await profile.newPage(), await profile.newPage()];
  for (const each of [tab, other]) {
    await each.goto(`${stack.webUrl}/plans`);
    await each.getByRole('button', { name: 'New plan' }).waitFor();
  }
  const token = traffic.findLast((exchange) => exchange.token !== undefined)?.token ?? '';
  await tab.bringToFront();
  await tab.getByRole('button', { name: 'Your account' }).click();
  await tab.getByRole('menuitem', { name: 'Sign out' }).click();
  await tab.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await other.getByRole('heading', { name: 'You signed out in another tab' }).waitFor();
  t.strictSame(
    (await profile.cookies()).filter(({ name }) => name.includes('refresh')),
    [],
  );
  await untilRefused({ token });
  await other.reload();
  await other.waitForURL(/\/sign-in\?next=%2Fplans$/);
  await profile.close();
});

void t.test(
  '40: ten tabs waking with an expired token: one refresh; signed out in one, signed out in all',
  async (t) => {
    const profile = await openProfile(browser);
    const traffic = recordTraffic(profile, stack);
    await enterAsKnownPerson(profile, stack, 'ten@example.com');
    const tabs = await Promise.all(Array.from({ length: 10 }, () => profile.newPage()));
    const awake = (tab: Page) => tab.getByRole('button', { name: 'New plan' }).waitFor();
    for (const tab of tabs) {
      await tab.goto(`${stack.webUrl}/plans`);
      await awake(tab);
    }
    await untilRefused(traffic.findLast(({ token }) => token !== undefined));
    // What a page has read counts as fresh for ten seconds, and it asks for nothing then: the lid was closed for longer.
    const sleep = () => {
      const now = Date.now;
      Date.now = () => now() + 11_000;
    };
    await Promise.all(tabs.map((tab) => tab.evaluate(sleep)));
    const [before, seen] = [await successors(), traffic.length];
    // What a browser tells its pages when the lid is opened again.
    await Promise.all(tabs.map((tab) => tab.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))));
    const served = () => traffic.slice(seen).filter(({ call, status }) => call === 'GET /plans' && status === 200);
    while (new Set(served().map(({ page }) => page)).size < 10) await new Promise((resolve) => setTimeout(resolve, 50));
    const since = traffic.slice(seen);
    const renewals = refreshes(since);
    t.ok(renewals.every(({ status }) => status === 200));
    t.equal((await successors()) - before, renewals.length, 'one successor each');
    t.equal(renewals.length, 1, 'one refresh');

    const [first, ...others] = tabs;
    await first?.bringToFront();
    await first?.getByRole('button', { name: 'Your account' }).click();
    await first?.getByRole('menuitem', { name: 'Sign out' }).click();
    await Promise.all(
      others.map((tab) => tab.getByRole('heading', { name: 'You signed out in another tab' }).waitFor()),
    );
    t.strictSame(
      (await profile.cookies()).filter(({ name }) => name.includes('refresh')),
      [],
    );
    await profile.close();
  },
);

/** Waits until the api no longer takes a token: the moment that a tab finds out about at its next request. */
async function untilRefused(exchange: Pick<Exchange, 'token'> | undefined): Promise<void> {
  const headers = { authorization: `Bearer ${exchange?.token ?? ''}` };
  for (;;) {
    const answer = await fetch(`${stack.apiUrl}/user/profile`, { headers });
    await answer.body?.cancel();
    if (answer.status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** How many refresh tokens the chains of this stack have. */
async function successors(): Promise<number> {
  const [row] = await stack.database.sql<{ count: number }[]>`select count(*)::int as count from auth.refresh_tokens`;
  return row?.count ?? 0;
}

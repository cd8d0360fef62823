import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { answerQuestionnaire } from '../support/questionnaire.ts';
import { signIn } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

void t.test(
  'someone signs in by mail, describes a business, leaves, comes back and finds the finished plan',
  async (t) => {
    const stack = await startStack(t, {}, { worker: { LLM_DEMO_PACE: '120' } });
    const browser = await openBrowser(t);
    const profile = await openProfile(browser);
    const page = await profile.newPage();

    await signIn(page, stack, 'anna@example.com');
    await page.goto(`${stack.webUrl}/welcome`);
    // Reloaded with the last key: sooner than the pause after which answers are kept.
    await page.getByLabel('Business name').fill('Kaffee Süd');
    await page.reload();
    await page.getByText('Your earlier answers are back').waitFor();
    t.equal(await page.getByLabel('Business name').inputValue(), 'Kaffee Süd');
    await answerQuestionnaire(page);
    await page.waitForURL(/\/plans\/[0-9a-f-]{36}$/);
    const address = page.url();
    await page.getByRole('button', { name: /cancel|stop/i }).waitFor();

    // Gone mid-way, back by the address alone: the session and the text so far are both restored.
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor({ timeout: 60_000 });

    const [row] = await stack.database.sql<{ plans: number; succeeded: number }[]>`
    select (select count(*)::int from app.plans where status = 'ready') as plans,
           (select count(*)::int from app.jobs where state = 'succeeded') as succeeded`;
    t.strictSame(row, { plans: 1, succeeded: 1 });
  },
);

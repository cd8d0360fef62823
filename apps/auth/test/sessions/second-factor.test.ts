import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { codeOf, openSession } from '../support/sessions.ts';
import { askForLink } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

t.test('25: one factor opens no session for somebody who has two', async (t) => {
  const email = 'careful@example.com';
  const { userId } = await openSession(auth, email);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${userId}, 'x', now())`;
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email, { redirectTo: '/plans' });

  const answer = await browser.post('/auth/verify-magic-link', { token });
  t.equal(answer.status, 403);
  t.match(answer.json, { code: 'second-factor-required', expiresIn: 600, redirectTo: '/plans' });
  t.notMatch(answer.text, 'accessToken');
  t.match(answer.setCookies, [
    /^second_factor=[\w-]{43}; Max-Age=600; .*HttpOnly; SameSite=Strict$/,
    /^sign_in_attempt=;/,
  ]);
  t.equal(browser.cookies.has('refresh_token'), false);
  t.match(await sql`select count(*)::int from auth.sessions where user_id = ${userId}`, [{ count: 1 }], 'as before');
  t.match(await sql`select amr, spent_at from auth.second_factor_challenges where user_id = ${userId}`, [
    { amr: ['email'], spent_at: null },
  ]);
  t.match(await sql`select event from auth.audit_events where user_id = ${userId} order by id desc limit 1`, [
    { event: 'second-factor-asked' },
  ]);
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token })), 'link-used', 'the link is spent');
});

t.test('25: a second factor that was never confirmed is not asked for', async (t) => {
  const email = 'hesitant@example.com';
  const { userId } = await openSession(auth, email);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed) values (${userId}, 'x')`;
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  t.equal((await browser.post('/auth/verify-magic-link', { token })).status, 200);
});

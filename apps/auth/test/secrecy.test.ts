import { openMailCatcher } from '@alva/testing';
import t from 'tap';
import { newAddress, startAuth } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { openSession, refresh, successorIn } from './support/sessions.ts';
import { letTimePass } from './support/time.ts';

const catcher = await openMailCatcher(t);
const auth = await startAuth(t, {
  env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: catcher.url, MAIL_FROM: 'Alva <hello@example.com>' },
});
const { sql } = auth.database;

/** Every row of every table as text, bytes as hexadecimal. */
async function dump(): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('auth', 'app', 'queue') and table_type = 'BASE TABLE'`;
  const rows = await Promise.all(
    tables.map(({ name }) => sql.unsafe(`select row_to_json(r)::text as row from ${name} r`)),
  );
  return rows.flatMap((list) => list.map(({ row }) => String(row))).join('\n');
}

const hex = (secret: string) => Buffer.from(secret, 'base64url').toString('hex');

t.test('no token or code in the database, the queue or the log; and what is there opens nothing', async (t) => {
  // One mail is delivered, so that we know what is in it; another waits in the queue while the dump is made.
  const browser = openBrowser(auth.url);
  const email = newAddress();
  await browser.post('/auth/send-magic-link', { email });
  const [mail] = await catcher.waitFor(1);
  const message = (mail?.message ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const [, token = ''] = /#token=([\w-]{43})/.exec(message) ?? [];
  const [, code = ''] = /\n {4}([A-Z0-9]{6})\r/.exec(message) ?? [];
  t.match({ token, code }, { token: /^.{43}$/, code: /^.{6}$/ });
  const browserSecret = browser.cookies.get('sign_in_attempt') ?? '';
  const wrong = await browser.post('/auth/verify-magic-link', { token: `${'A'.repeat(42)}A` });
  t.equal(wrong.status, 401);
  const signedIn = await browser.post('/auth/verify-magic-link', { token });
  t.equal(signedIn.status, 200);
  const { accessToken } = signedIn.json as { accessToken: string };
  const first = browser.cookies.get('refresh_token') ?? '';
  await browser.post('/auth/refresh');
  const second = browser.cookies.get('refresh_token') ?? '';
  await ask(`${auth.url}/auth/me?token=${second}`, { headers: { authorization: `Bearer ${accessToken}` } });
  await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${accessToken.slice(0, -4)}AAAA` } });

  catcher.answerWith('451 later');
  await openBrowser(auth.url).post('/auth/send-magic-link', { email: newAddress() });

  const stored = await dump();
  const logged = auth.logged.join('');
  for (const [name, secret] of Object.entries({ token, browserSecret, first, second })) {
    for (const [place, text] of Object.entries({ stored, logged })) {
      t.notOk(text.includes(secret) || text.includes(hex(secret)), `${name} is not ${place}`);
    }
  }
  for (const [place, text] of Object.entries({ stored, logged })) {
    t.notOk(text.includes(accessToken.slice(-40)), `the access token is not ${place}`);
    t.notOk(new RegExp(`\\b${code}\\b`).test(text), `the code is not ${place}`);
    t.notOk(text.includes('#token='), `no link is ${place}`);
  }
  t.notOk(logged.includes(email), 'nor are addresses logged');

  // Everything in the dump that could be taken for a token: text as it is, bytes in both writings.
  const bytes = [...stored.matchAll(/\\\\x((?:[0-9a-f]{2})+)/g)].map(([, digits = '']) => Buffer.from(digits, 'hex'));
  const candidates = new Set([
    ...bytes.flatMap((value) => [
      value.toString('base64url'),
      value.subarray(0, 32).toString('base64url'),
      value.subarray(12, 44).toString('base64url'),
    ]),
    ...[...stored.matchAll(/[\w-]{43}/g)].map(([text]) => text),
  ]);
  t.ok(candidates.size > 10);
  for (const candidate of candidates) {
    const answers = [
      await refresh(auth.url, candidate),
      await browser.post('/auth/verify-magic-link', { token: candidate, confirm: 'here' }),
    ];
    for (const { status } of answers) t.not(status, 200);
  }
  t.equal((await browser.post('/auth/refresh')).status, 200);
});

t.test('an alarm about reuse names no token', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '11 seconds');
  t.equal((await refresh(auth.url, first)).status, 401);
  const everything = (await dump()) + auth.logged.join('');
  for (const secret of [first, second, third]) t.notOk(everything.includes(secret) || everything.includes(hex(secret)));
});

import { openMailCatcher } from '@alva/testing';
import { type TokenAnswer, type TotpSetup } from '@alva/validation';
import t from 'tap';
import { newAddress, startAuth } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { addClient, basic, introspect, postForm } from './support/clients.ts';
import { goodPassword, otherPassword } from './support/passwords.ts';
import { expectOk, openApp, senderOf } from './support/second-factor.ts';
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

/** Without what quoted-printable adds. */
const readable = (message = '') => message.replaceAll('=\r\n', '').replaceAll('=3D', '=');

const hex = (secret: string) => Buffer.from(secret, 'base64url').toString('hex');

t.test('23: no token or code in the database, the queue or the log', async (t) => {
  // One mail is delivered, so that we know what is in it; another waits in the queue while the dump is made.
  const browser = openBrowser(auth.url);
  const email = newAddress();
  await browser.post('/auth/send-magic-link', { email });
  const [mail] = await catcher.waitFor(1);
  const message = readable(mail?.message);
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
  t.teardown(() => catcher.answerWith(undefined));

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

  t.equal((await browser.post('/auth/refresh')).status, 200);
});

t.test(
  '23: every column of a dump, in every writing, presented wherever a secret is asked for, opens nothing',
  async (t) => {
    // Something of everything: a live session with a spent link, links of every kind that wait, a client, keys, audited events,
    // somebody with a password and an authenticator app who moves, somebody who is to be deleted.
    const client = await addClient(auth);
    const { token } = await openSession(auth);
    const current = successorIn(await refresh(auth.url, token));
    const browser = openBrowser(auth.url);
    await browser.post('/auth/send-magic-link', { email: newAddress() });
    const email = await leaveTracesOfEverything();
    const alive = await aliveThings();
    t.ok(Object.values(alive).every((count) => count > 0));

    const candidates = writingsOf(await allValues());
    t.ok(candidates.size > 200, `${candidates.size} candidates`);
    const opened: string[] = [];
    for (const candidate of candidates) {
      const header = /^[\x21-\x7e]+$/.test(candidate) ? candidate : encodeURIComponent(candidate);
      const answers = {
        refresh: await refresh(auth.url, header),
        link: await browser.post('/auth/verify-magic-link', { token: candidate, confirm: 'here' }),
        bearer: await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${header}` } }),
        password: await browser.post('/auth/login', { email, password: candidate }),
        reset: await browser.post('/auth/password/reset', { token: candidate, password: otherPassword }),
        confirmation: await browser.post('/auth/verify-email', { token: candidate, confirm: 'here' }),
        move: await browser.post('/auth/email-change/confirm', { token: candidate }),
        wayBack: await browser.post('/auth/email-change/undo', { token: candidate }),
        keep: await browser.post('/auth/keep-account', { token: candidate }),
        client: await postForm(`${auth.url}/auth/introspect`, { token }, basic({ ...client, secret: candidate })),
      };
      for (const [way, { status }] of Object.entries(answers)) if (status < 400) opened.push(`${way}: ${candidate}`);
      if ((await introspect(auth, client, candidate)).active) opened.push(`introspect: ${candidate}`);
    }
    t.strictSame(opened, []);
    t.strictSame(await aliveThings(), alive, 'and ends nothing either');
    t.equal((await refresh(auth.url, current)).status, 200);
    t.comment(`${candidates.size} values presented in 11 places`);
  },
);

/** Returns the address of somebody who has a password. */
async function leaveTracesOfEverything(): Promise<string> {
  const linkTo = async (to: string) => {
    for (let count = 1; ; count++) {
      const mail = (await catcher.waitFor(count)).find((caught) => caught.to.includes(to));
      const [, token] = /#token=([\w-]{43})/.exec(readable(mail?.message)) ?? [];
      if (token !== undefined) return token;
    }
  };
  const enter = async (body: { email: string; password?: string }) => {
    const browser = openBrowser(auth.url);
    await browser.post('/auth/register', body);
    const answer = await browser.post('/auth/verify-magic-link', { token: await linkTo(body.email) });
    return { browser, email: body.email, tokens: answer.json as TokenAnswer };
  };
  const person = await enter({ email: newAddress(), password: goodPassword });
  const send = senderOf(auth, person);
  const app = openApp(expectOk<TotpSetup>(await send('POST', '/auth/mfa/totp')));
  expectOk(await send('POST', '/auth/mfa/totp/confirm', { code: app.code(-1) }));
  t.equal((await send('POST', '/auth/me/email', { email: newAddress() })).status, 202);
  t.equal((await person.browser.post('/auth/password/forgot', { email: person.email })).status, 202);
  const leaver = await enter({ email: newAddress() });
  t.equal((await senderOf(auth, leaver)('DELETE', '/auth/me', { email: leaver.email })).status, 202);
  return person.email;
}

async function aliveThings() {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*)::int from auth.sessions where ended_at is null) as sessions,
      (select count(*)::int from auth.clients) as clients, (select count(*)::int from auth.signing_keys) as keys,
      (select count(*)::int from auth.sign_in_attempts where spent_at is null) as attempts,
      (select count(*)::int from auth.one_time_tokens where spent_at is null) as tokens,
      (select count(*)::int from auth.email_changes where moved_at is null) as moves,
      (select count(*)::int from auth.users where deletion_due_at is not null) as leaving,
      (select count(*)::int from auth.recovery_codes where used_at is null) as codes`;
  if (!row) throw new Error('Nothing was counted');
  return row;
}

/** Every value of every column, JSON taken apart. */
async function allValues(): Promise<Set<string>> {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (value === null || typeof value === 'boolean') return;
    if (typeof value === 'object') Object.values(value).forEach(collect);
    else found.add(typeof value === 'string' ? value : JSON.stringify(value));
  };
  for (const line of (await dump()).split('\n')) collect(JSON.parse(line));
  return found;
}

/** Text as it is; bytes in the writings a token could have, whole and in the parts that a sealed value is made of. */
function writingsOf(values: Iterable<string>): Set<string> {
  const writings = new Set<string>();
  for (const value of values) {
    writings.add(value);
    if (!/^\\x([0-9a-f]{2})+$/.test(value)) continue;
    const bytes = Buffer.from(value.slice(2), 'hex');
    for (const part of [bytes, bytes.subarray(0, 32), bytes.subarray(12, 44), bytes.subarray(-32)])
      for (const encoding of ['base64url', 'base64', 'hex'] as const) writings.add(part.toString(encoding));
  }
  return writings;
}

t.test('an alarm about reuse names no token', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '11 seconds');
  t.equal((await refresh(auth.url, first)).status, 401);
  const everything = (await dump()) + auth.logged.join('');
  for (const secret of [first, second, third]) t.notOk(everything.includes(secret) || everything.includes(hex(secret)));
});

import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { newAddress, startAuth, webOrigin } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, readInbox, signIn, waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const send = '/auth/send-magic-link';

async function countAttempts(): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from auth.sign_in_attempts`;
  return row?.count ?? 0;
}

t.test('mail links come from configuration; forged Host, X-Forwarded-Host or Forwarded change nothing', async (t) => {
  const email = newAddress();
  const answer = await ask(auth.url + send, {
    method: 'POST',
    body: { email },
    headers: {
      host: 'evil.example',
      origin: 'https://evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
      referer: 'https://evil.example/',
    },
  });
  t.equal(answer.status, 202);
  t.equal(answer.headers['access-control-allow-origin'], undefined);
  const mail = await waitForMail(auth, email, () => true);
  t.ok(mail.link?.startsWith(`${webOrigin}/sign-in/verify#token=`));
  t.notMatch(mail.html + mail.text, /evil/);
});

t.test('the link carries its token in the fragment and nothing else anywhere', async (t) => {
  const { link, token, code } = await askForLink(auth, openBrowser(auth.url), newAddress());
  const url = new URL(link);
  t.strictSame({ search: url.search, hash: url.hash }, { search: '', hash: `#token=${token}` });
  t.notMatch(link, code);
});

t.test('who asks for a link writes not one word of the mail: the device has a name we know, or none', async (t) => {
  const devices = [
    ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Linux'],
    ['Call +1 555 0100 to keep your account/1.0 (hurry)', 'an unknown browser on an unknown system'],
    ['Alva support, see evil.example/1.0 (Windows NT 10.0)', 'an unknown browser on Windows'],
    ['evil.example', 'an unknown browser on an unknown system'],
    ['constructor/1.0 (x)', 'an unknown browser on an unknown system'],
    ['', 'an unknown device'],
  ] as const;
  for (const [userAgent, device] of devices) {
    const email = newAddress();
    const headers = { 'user-agent': userAgent };
    t.equal((await ask(auth.url + send, { method: 'POST', body: { email }, headers })).status, 202);
    const { text, html } = await waitForMail(auth, email, () => true);
    for (const part of [text, html]) t.match(part, `Asked for with ${device}.`);
  }
});

t.test('one address per request, exactly the one stored: everything else is 422 and nothing is mailed', async (t) => {
  const before = await countAttempts();
  const refused = [
    '',
    'plain',
    '@example.com',
    'a@',
    'a@b',
    'a b@example.com',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'Name <a@example.com>',
    '"quoted"@example.com',
    '"a\\"b"@example.com',
    'a@example.com(comment)',
    'a(comment)@example.com',
    'a＠example.com',
    'a@ｅxample.com',
    'a@example.com\n',
    'a@example.com\r\nBcc: b@example.com',
    '\ta@example.com',
    'a\u0000@example.com',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@localhost',
    '.a@example.com',
    'a..b@example.com',
    'a@-example.com',
    'a@example..com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.com`,
    ['a@example.com'],
    { a: 1 },
    null,
    7,
  ];
  for (const email of refused) {
    const answer = await ask(auth.url + send, { method: 'POST', body: { email } });
    t.match(
      answer,
      { status: 422, json: { code: 'validation-failed', errors: [{ pointer: '#/email' }] } },
      JSON.stringify(email),
    );
  }
  t.equal(await countAttempts(), before);
});

t.test('the domain is lower-cased, and mail and account are under the one spelling', async (t) => {
  const email = newAddress();
  const browser = openBrowser(auth.url);
  await browser.post(send, { email: email.replace('example.com', 'EXAMPLE.com') });
  t.equal((await waitForMail(auth, email, () => true)).to, email);
});

t.test('one mailbox spelled two ways is one account only where the standard says so', async (t) => {
  const name = newAddress().replace('@example.com', '');
  const accountOf = async (typed: string, canonical: string) => {
    const browser = openBrowser(auth.url);
    const { json } = await browser.post(send, { email: typed });
    const { attemptId } = json as { attemptId: string };
    const { code } = await waitForMail(auth, canonical, ({ id }) => id === attemptId);
    const signedIn = await browser.post('/auth/verify-magic-link', { attemptId, code });
    return (signedIn.json as TokenAnswer).user.id;
  };
  const stored = `${name}@xn--mller-kva.de`;
  const same = [];
  for (const domain of ['müller.de', 'MÜLLER.de', 'mu\u0308ller.de', 'xn--mller-kva.de'])
    same.push(await accountOf(`${name}@${domain}`, stored));
  t.equal(new Set(same).size, 1, 'the domain ignores case and is the same as U-label and A-label');
  const others = [];
  for (const local of [name.replace('person', 'Person'), `${name}+x`, name.replace('person', 'per.son')])
    others.push(await accountOf(`${local}@xn--mller-kva.de`, `${local}@xn--mller-kva.de`));
  t.equal(new Set([...same, ...others]).size, 4, 'what the local part means only its host knows');
});

t.test('8: known, unknown and disabled addresses get the same bytes', async (t) => {
  const known = await signIn(auth);
  const disabled = await signIn(auth);
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const shapes = [];
  for (const email of [known.email, newAddress(), disabled.email]) {
    const { status, headers, text, setCookies } = await ask(auth.url + send, { method: 'POST', body: { email } });
    const {
      date: _,
      'x-request-id': __,
      'set-cookie': ___,
      'ratelimit-remaining': ____,
      'ratelimit-reset': _____,
      ...same
    } = headers;
    const cookies = setCookies.map((line) => line.replace(/=[\w-]{43};/, '=…;'));
    shapes.push({ status, same, text: text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '…'), cookies });
    t.equal((await waitForMail(auth, email, () => true)).to, email, 'and the same mail');
  }
  t.strictSame(shapes[1], shapes[0]);
  t.strictSame(shapes[2], shapes[0]);
});

t.test('8: known, unknown and disabled addresses take the same time', async (t) => {
  const disabled = await signIn(auth);
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const known = (await signIn(auth)).email;
  const times: [number[], number[], number[]] = [[], [], []];
  for (let sample = 0; sample < 500; sample++) {
    for (const [kind, email] of [known, newAddress(), disabled.email].entries()) {
      const started = performance.now();
      await ask(auth.url + send, { method: 'POST', body: { email } });
      times[kind]?.push(performance.now() - started);
    }
  }
  const medians = times.map((list) => list.toSorted((a, b) => a - b)[250] ?? NaN);
  t.comment(medians.map((median) => median.toFixed(2)));
  t.ok(Math.max(...medians) - Math.min(...medians) < 5, 'medians less than 5 ms apart');
});

t.test('11: redirectTo: everything that could leave the site is refused', async (t) => {
  const before = await countAttempts();
  const refused = [
    '//e',
    '/\\e',
    'https:e',
    '@e',
    '\\\\e',
    '/%2fe',
    '/%5ce',
    '/%09/e',
    '/..//evil.example',
    '/%2e%2e//evil.example',
    '/\t/e',
    '/\n/e',
    '\t//e',
    ' //e',
    'https:/e',
    'https:///e',
    'https://evil.example',
    `${webOrigin}@evil.example`,
    `${webOrigin}.evil.example`,
    `${webOrigin}\\@evil.example`,
    'javascript:alert(1)',
    'data:text/html,x',
    'http://user@localhost:3000/',
    '',
    'plans',
    '?a',
    '#a',
    'http://localhost:3001/',
    'https://localhost:3000/',
    `${webOrigin}/\u0000`,
    `${webOrigin}/plans\u007f`,
    `${webOrigin}/\u0001`,
    `${webOrigin}/\ud800`,
  ];
  for (const redirectTo of refused) {
    const body = { email: newAddress(), redirectTo };
    const answer = await ask(auth.url + send, { method: 'POST', body });
    t.match(
      answer,
      { status: 422, json: { code: 'validation-failed', errors: [{ pointer: '#/redirectTo' }] } },
      JSON.stringify(redirectTo),
    );
  }
  t.equal(await countAttempts(), before);
  for (const redirectTo of ['/', '/plans', '/plans/1?tab=tasks#2', `${webOrigin}/plans`]) {
    const answer = await ask(auth.url + send, { method: 'POST', body: { email: newAddress(), redirectTo } });
    t.equal(answer.status, 202, redirectTo);
  }
});

t.test('an address is sent five mails in ten minutes, whatever its case and however many ask at once', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { LINK_LIMIT_PER_RECIPIENT: '5/10m' } });
  const email = newAddress();
  const ask30 = Array.from({ length: 30 }, (_, index) =>
    ask(strict.url + send, { method: 'POST', body: { email: index % 2 ? email : email.replace('person', 'Person') } }),
  );
  const answers = await Promise.all(ask30);
  t.equal(answers.filter(({ status }) => status === 202).length, 5);
  const refused = answers.find(({ status }) => status === 429);
  t.match(refused, {
    headers: { 'retry-after': /^(5\d\d|600)$/, 'ratelimit-limit': '5', 'ratelimit-remaining': '0' },
    json: { code: 'rate-limited' },
  });
  t.equal(
    (await ask(strict.url + send, { method: 'POST', body: { email: newAddress() } })).status,
    202,
    'others are not',
  );

  await letTimePass(auth.database, '10 minutes');
  t.equal((await ask(strict.url + send, { method: 'POST', body: { email } })).status, 202);
  while ((await readInbox(auth, email)).length < 6) await new Promise((resolve) => setImmediate(resolve));
});

t.test('random X-Forwarded-For or addresses of one /64 do not help', async (t) => {
  const env = { LINK_LIMIT_PER_ADDRESS: '3/5m' };
  const direct = await startAuth(t, { database: auth.database, env });
  const proxied = await startAuth(t, { database: auth.database, env: { ...env, TRUST_PROXY: '1' } });
  const statusOf = async (url: string, address: string) => {
    const headers = { 'x-forwarded-for': address };
    return (await ask(url + send, { method: 'POST', body: { email: newAddress() }, headers })).status;
  };
  const forged = [];
  for (let count = 1; count <= 5; count++) forged.push(await statusOf(direct.url, `203.0.113.${count}`));
  t.strictSame(forged, [202, 202, 202, 429, 429]);

  const household = [];
  for (let count = 1; count <= 5; count++) household.push(await statusOf(proxied.url, `2001:db8:1:1::${count}`));
  t.strictSame(household, [202, 202, 202, 429, 429]);
  t.equal(
    await statusOf(proxied.url, `9.9.9.9, 2001:db8:1:1:ffff::1`),
    429,
    'what the client wrote before the proxy is not believed',
  );
  t.equal(await statusOf(proxied.url, '2001:db8:1:2::1'), 202, 'the next household is another');
});

t.test('doubled slashes, case and trailing slashes meet the same limit or a 404', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { LINK_LIMIT_PER_ADDRESS: '1/5m' } });
  await ask(strict.url + send, { method: 'POST', body: { email: newAddress() } });
  const variants = [
    `/${send}`,
    `${send}/`,
    send.toUpperCase(),
    '/auth//send-magic-link',
    '/auth/send%2Dmagic-link',
    '/auth/./send-magic-link',
    `${send}?a=1`,
    `${send};a`,
  ];
  for (const path of variants) {
    const { status } = await ask(strict.url + path, { method: 'POST', body: { email: newAddress() } });
    t.ok(status === 404 || status === 429, `${path} ${status}`);
  }
});

t.test('unknown fields are refused', async (t) => {
  const answer = await ask(auth.url + send, { method: 'POST', body: { email: newAddress(), roles: ['admin'] } });
  t.match(answer, { status: 422, json: { errors: [{ pointer: '#/roles' }] } });
  t.equal(codeOf(answer), 'validation-failed');
});

t.test(
  'asking again is offered when it is of use: at once after half a minute, then when the window is over',
  async (t) => {
    const strict = await startAuth(t, { database: auth.database, env: { LINK_LIMIT_PER_RECIPIENT: '2/10m' } });
    const email = newAddress();
    const first = await ask(strict.url + send, { method: 'POST', body: { email } });
    t.match(first.json, { resendAfter: 30 });
    const last = await ask(strict.url + send, { method: 'POST', body: { email } });
    t.match(last.json, { resendAfter: 600 });
    t.match(await ask(strict.url + send, { method: 'POST', body: { email } }), { status: 429 });
  },
);

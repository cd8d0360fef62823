import { randomBytes, randomUUID } from 'node:crypto';
import t from 'tap';
import { openBrowser, openProfile } from '../support/browser.ts';
import { watchConduct } from '../support/conduct.ts';
import { answerQuestionnaire } from '../support/questionnaire.ts';
import { askForLink, openLink, pressSignIn, readMail } from '../support/sign-in.ts';
import { startStack } from '../support/stack.ts';

const canary = (name: string) => `canary-${name}-${randomUUID().replaceAll('-', '')}`;

const json = { 'content-type': 'application/json' };
const post = (body: object): RequestInit => ({ method: 'POST', headers: json, body: JSON.stringify(body) });
const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });

/** Six characters may be part of something else; of a long token its end alone would be too much. */
function isIn(text: string, name: string, secret: string): boolean {
  if (secret === '') return false;
  return name === 'code' ? new RegExp(`\\b${secret}\\b`).test(text) : text.includes(secret.slice(-43));
}

void t.test('23: a whole journey leaves no secret in any URL, log line, error or metric', async (t) => {
  // Whatever is secret and made by others is a canary; what is made on the way is collected as it appears.
  const configured = {
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    OPENAI_API_KEY: canary('model-key'),
    RESEND_API_KEY: canary('mail-key'),
  };
  const secrets = new Map<string, string>(Object.entries(configured));
  const stack = await startStack(t, { LOG_LEVEL: 'trace', LLM_PROVIDER: 'demo', ...configured });
  secrets.set('database password', new URL(stack.database.url).password);
  const browser = await openBrowser(t);
  const profile = await openProfile(browser);
  const conduct = watchConduct(profile, stack);

  const urls: string[] = [];
  const errors: Promise<string>[] = [];
  profile.on('request', (request) => {
    urls.push(request.url());
    const token = request.headers()['authorization']?.replace('Bearer ', '');
    if (token) secrets.set(`access token ${token.slice(-6)}`, token);
  });
  profile.on('response', (response) => {
    if (response.status() >= 400) errors.push(response.text().catch(() => ''));
  });
  const collectCookies = async () => {
    // The hint that there is a session is for scripts to read; all that they cannot read is secret.
    for (const { name, value, httpOnly } of await profile.cookies())
      if (httpOnly) secrets.set(`cookie ${name} ${value.slice(-6)}`, value);
  };

  const page = await profile.newPage();
  page.on('framenavigated', (frame) => urls.push(frame.url()));
  const email = 'canary@example.com';
  await askForLink(page, stack, email);
  await collectCookies();
  const mail = await readMail(stack, email);
  const linkToken = new URL(mail.link ?? '').hash.replace('#token=', '');
  secrets.set('link token', linkToken).set('code', mail.code ?? '');
  await openLink(page, mail);
  await pressSignIn(page);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  t.notOk(page.url().includes('#'), 'the fragment is gone from the address bar');
  await collectCookies();
  await page.goto(`${stack.webUrl}/welcome`);
  await collectCookies();
  await answerQuestionnaire(page);
  await page.waitForURL(/\/plans\/[0-9a-f-]{36}$/);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor({ timeout: 60_000 });
  await collectCookies();

  // Then all the ways in which a secret is put where it does not belong, to provoke whoever would repeat it.
  const refreshToken = (await profile.cookies()).find(({ name }) => name === 'refresh_token')?.value ?? '';
  const accessToken = [...secrets].findLast(([name]) => name.startsWith('access token'))?.[1] ?? '';
  t.ok(refreshToken && accessToken && linkToken);
  for (const service of [stack.authUrl, stack.apiUrl, stack.webUrl]) {
    for (const secret of [refreshToken, accessToken, linkToken, canary('stray')]) {
      secrets.set(`strayed ${secret.slice(-6)}`, secret);
      const origin = stack.webUrl;
      const authorization = `Bearer ${accessToken}`;
      const asked: [path: string, init: RequestInit][] = [
        [`/plans?token=${secret}`, {}],
        [`/auth/me?access_token=${secret}`, { headers: { authorization: `Bearer ${secret.slice(0, -2)}xx` } }],
        [`/auth/me`, { headers: { authorization: `Bearer ${secret}.${secret}.${secret}` } }],
        [`/auth/verify-magic-link`, { method: 'POST', headers: json, body: `{"token":"${secret}"` }],
        [`/auth/verify-magic-link`, post({ token: [secret], attemptId: secret })],
        [`/auth/introspect`, form({ token: secret, client_id: 'x', client_secret: secret })],
        [`/auth/revoke`, form({ token: secret, token_type_hint: secret })],
        [
          `/auth/refresh`,
          { method: 'POST', headers: { origin, cookie: `refresh_token=${secret}; refresh_token=${secret}` } },
        ],
        [`/auth/refresh`, { method: 'POST', headers: { origin, cookie: `refresh_token=${secret}x` } }],
        [
          `/plans/generate`,
          { ...post({ clientProfile: secret }), headers: { ...json, authorization, 'idempotency-key': secret } },
        ],
        [`/jobs/x/events`, { headers: { authorization, 'last-event-id': secret } }],
      ];
      for (const [path, init] of asked) {
        const answer = await fetch(service + path, init);
        // Every page of the web app, found or not, carries its own address as the browser asked for it.
        if (answer.status >= 400 && service !== stack.webUrl) errors.push(answer.text());
        else await answer.body?.cancel();
      }
    }
  }

  const metrics = await Promise.all(stack.internalUrls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const places: Record<string, string> = {
    'the URLs the browser asked for': urls.filter((url) => !url.endsWith(`#token=${linkToken}`)).join('\n'),
    errors: (await Promise.all(errors)).join('\n'),
    metrics: metrics.join('\n'),
  };
  for (const name of ['auth', 'api', 'worker', 'web'] as const) places[`the output of ${name}`] = stack.output(name);
  for (const [place, text] of Object.entries(places)) {
    t.ok(text.length > 50, `${place}: ${text.length} characters to look through`);
    const found = [...secrets].filter(([name, secret]) => isIn(text, name, secret)).map(([name]) => name);
    t.strictSame(found, [], place);
  }
  t.ok(secrets.size > 12, `${secrets.size} secrets`);
  t.strictSame(await conduct.offences(), []);
});

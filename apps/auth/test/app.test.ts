import t from 'tap';
import { startAuth, webOrigin } from './support/auth.ts';
import { ask } from './support/browser.ts';

const auth = await startAuth(t);
const secure = await startAuth(t, {
  database: auth.database,
  env: {
    AUTH_URL: 'https://auth.example.com',
    WEB_URL: 'https://app.example.com',
    // In reach of others the inbox is refused.
    MAIL_TRANSPORT: 'smtp',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'alva@example.com',
  },
});

t.test(
  'the discovery documents say where the keys are, to anyone and cacheably, and promise nothing else',
  async (t) => {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const answer = await ask(`${secure.url}/.well-known/${name}`);
      t.match(answer, { status: 200, headers: { 'cache-control': /^public/, 'content-type': /^application\/json/ } });
      t.match(answer.json, {
        issuer: 'https://auth.example.com',
        jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
      });
      t.notMatch(answer.json, { authorization_endpoint: String });
    }
  },
);

t.test('every answer carries the headers of the house', async (t) => {
  for (const path of ['/auth/me', '/nothing', '/healthz', '/.well-known/jwks.json', '/dev/inbox']) {
    const { headers } = await ask(secure.url + path);
    t.match(
      headers,
      {
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': /max-age=\d{8}/,
        'content-security-policy': /^default-src 'none'.*frame-ancestors 'none'/,
        'x-request-id': String,
      },
      path,
    );
    t.notOk(headers['server'] ?? headers['x-powered-by'], 'no banners');
  }
});

t.test('over https the cookies are secure and say so in their names', async (t) => {
  const answer = await ask(`${secure.url}/auth/send-magic-link`, { method: 'POST', body: { email: 'a@example.com' } });
  t.match(answer.setCookies, [
    /^__Host-sign_in_attempt=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  ]);
  const out = await ask(`${secure.url}/auth/logout`, {
    method: 'POST',
    headers: { origin: 'https://app.example.com' },
  });
  t.match(out.setCookies, [/^__Secure-refresh_token=; Max-Age=0; Path=\/auth; HttpOnly; Secure; SameSite=Strict$/]);
});

t.test('our pages may call with credentials, nobody else’s may', async (t) => {
  const preflight = (origin: string) =>
    ask(`${auth.url}/auth/refresh`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  t.match((await preflight(webOrigin)).headers, {
    'access-control-allow-origin': webOrigin,
    'access-control-allow-credentials': 'true',
  });
  t.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined);
});

t.test('the description names every route of the contract', async (t) => {
  const { json } = await ask(`${auth.url}/openapi.json`);
  const { openapi, paths } = json as { openapi: string; paths: Record<string, object> };
  t.equal(openapi, '3.1.0');
  t.strictSame(
    Object.keys(paths)
      .filter((path) => path.startsWith('/auth') || path.startsWith('/.well-known'))
      .sort(),
    [
      '/.well-known/jwks.json',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/auth/email-change/confirm',
      '/auth/email-change/undo',
      '/auth/identities',
      '/auth/identities/{id}',
      '/auth/introspect',
      '/auth/keep-account',
      '/auth/login',
      '/auth/logout',
      '/auth/logout-all',
      '/auth/me',
      '/auth/me/email',
      '/auth/me/export',
      '/auth/me/export/download',
      '/auth/me/keep',
      '/auth/mfa',
      '/auth/mfa/recovery-codes',
      '/auth/mfa/totp',
      '/auth/mfa/totp/confirm',
      '/auth/mfa/verify',
      '/auth/oauth/providers',
      '/auth/oauth/{provider}',
      '/auth/oauth/{provider}/callback',
      '/auth/oauth/{provider}/link',
      '/auth/passkeys',
      '/auth/passkeys/registration-options',
      '/auth/passkeys/sign-in',
      '/auth/passkeys/sign-in-options',
      '/auth/passkeys/{id}',
      '/auth/password',
      '/auth/password/forgot',
      '/auth/password/reset',
      '/auth/refresh',
      '/auth/register',
      '/auth/revocations',
      '/auth/revocations/events',
      '/auth/revoke',
      '/auth/send-magic-link',
      '/auth/sessions',
      '/auth/sessions/{id}',
      '/auth/sign-in-attempts/{id}',
      '/auth/sign-in-attempts/{id}/approve',
      '/auth/sign-in-attempts/{id}/complete',
      '/auth/step-up',
      '/auth/step-up/mail',
      '/auth/step-up/passkey-options',
      '/auth/verify-email',
      '/auth/verify-magic-link',
    ],
  );
  t.equal((await ask(`${auth.url}/reference`)).status, 200);
});

t.test('refresh outcomes are counted', async (t) => {
  await ask(`${auth.url}/auth/refresh`, {
    method: 'POST',
    headers: { origin: webOrigin, cookie: `refresh_token=${'A'.repeat(43)}` },
  });
  t.match(await auth.metrics.registry.metrics(), /auth_refreshes_total\{outcome="unknown".*\} 1/);
});

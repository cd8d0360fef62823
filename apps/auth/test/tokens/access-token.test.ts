import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { accessTokenClaims, type TokenAnswer } from '@alva/validation';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask, type Browser } from '../support/browser.ts';
import { goodPassword, register } from '../support/passwords.ts';
import { addPasskey, expectOk, openApp, openCareful, senderOf } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { signIn } from '../support/sign-in.ts';

const clock = { offset: 0 };
const auth = await startAuth(t, { now: () => Date.now() + clock.offset });

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (segment = '') => JSON.parse(Buffer.from(segment, 'base64url').toString()) as Record<string, unknown>;

async function me(authorization: string | undefined) {
  return ask(`${auth.url}/auth/me`, { headers: authorization === undefined ? {} : { authorization } });
}

t.test(
  'an access token verifies with jose against the published keys, and holds exactly the promised claims',
  async (t) => {
    const { tokens, email } = await signIn(auth);
    const jwks = (await ask(`${auth.url}/.well-known/jwks.json`)).json as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(tokens.accessToken, createLocalJWKSet(jwks), {
      issuer: auth.config.AUTH_URL,
      audience: 'alva',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    t.strictSame(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
    t.strictSame(Object.keys(payload).sort(), [
      'amr',
      'aud',
      'auth_time',
      'email',
      'exp',
      'iat',
      'iss',
      'jti',
      'roles',
      'sid',
      'sub',
      'type',
    ]);
    t.ok(accessTokenClaims.safeParse(payload).success);
    t.match(payload, { sub: tokens.user.id, email, roles: ['user'], amr: ['email'], type: 'access' });
    t.equal((payload.exp ?? 0) - (payload.iat ?? 0), 900);
    t.ok(Math.abs(Number(payload['auth_time']) - (payload.iat ?? 0)) <= 1, 'signed in a moment ago');
  },
);

async function renewed(browser: Browser): Promise<string> {
  return expectOk<TokenAnswer>(await browser.post('/auth/refresh')).accessToken;
}

t.test('an access token has at most 700 bytes, for a long address and whatever was shown in the session', async (t) => {
  const email = `${'long.name.of.a.person'.repeat(2)}@${'department.'.repeat(2)}example.com`;
  t.equal(email.length, 76);
  const person = await register(auth, { email });
  await auth.database.sql`update auth.users set roles = '{user,admin}' where email = ${email}`;
  const { authenticator } = await addPasskey(auth, person);
  const send = senderOf(auth, person);
  const stepUp = async (body: object) => expectOk<TokenAnswer>(await send('POST', '/auth/step-up', body)).accessToken;
  const withPasskey = async () => {
    const asked = expectOk<{ challenge: string }>(await send('POST', '/auth/step-up/passkey-options'));
    return stepUp({ passkey: authenticator.get(asked) });
  };
  const turnOnApp = async () => {
    const { secret } = expectOk<{ secret: string }>(await send('POST', '/auth/mfa/totp'));
    expectOk(await send('POST', '/auth/mfa/totp/confirm', { code: openApp({ secret }).code() }));
    return renewed(person.browser);
  };
  const app = await openCareful(auth, `x${email.slice(1)}`);
  await auth.database.sql`update auth.users set roles = '{user,admin}' where id = ${app.id}`;
  const expected = [
    [() => renewed(app.browser), ['email', 'otp', 'mfa']],
    [() => stepUp({ password: goodPassword }), ['pwd']],
    [withPasskey, ['pop', 'user', 'mfa']],
    [() => stepUp({ password: goodPassword }), ['pwd', 'mfa']],
    [withPasskey, ['pop', 'user', 'mfa']],
    [turnOnApp, ['pop', 'user', 'mfa']],
  ] as const;
  for (const [show, amr] of expected) {
    const accessToken = await show();
    t.strictSame(decodeJwt(accessToken)['amr'], amr, 'what was shown last, and mfa for good');
    t.ok(accessToken.length <= 700, `${accessToken.length} bytes`);
  }
});

t.test('GET /auth/me tells who one is', async (t) => {
  const { tokens } = await signIn(auth);
  const answer = await me(`Bearer ${tokens.accessToken}`);
  t.equal(answer.status, 200);
  t.strictSame(answer.json, { ...tokens.user, emailChange: null });
  t.equal(answer.headers['cache-control'], 'no-store');
  t.equal((await me(`bearer ${tokens.accessToken}`)).status, 200, 'the scheme ignores case');
  t.equal((await me(`Bearer   ${tokens.accessToken}`)).status, 200, 'RFC 9110, section 11.4: any number of spaces');
  const { sid, sub } = decode(tokens.accessToken.split('.')[1]);
  const isSaid = () =>
    auth.logged
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .some((line) => line['msg'] === 'GET /auth/me' && line['sid'] === sid && line['sub'] === sub);
  // It is written after the answer.
  while (!isSaid()) await new Promise((resolve) => setImmediate(resolve));
});

t.test('an expired token is refused, half a minute of clock skew is forgiven', async (t) => {
  const { tokens } = await signIn(auth);
  const statusAt = async (seconds: number) => {
    clock.offset = seconds * 1000;
    const { status } = await me(`Bearer ${tokens.accessToken}`);
    clock.offset = 0;
    return status;
  };
  t.equal(await statusAt(925), 200);
  t.equal(await statusAt(935), 401);
  t.equal(await statusAt(-25), 200);
  t.equal(await statusAt(-35), 401);
});

t.test('no token, or a mangled one: 401 that says so, process alive', async (t) => {
  const none = await me(undefined);
  t.match(none, {
    status: 401,
    json: { code: 'authentication-required' },
    headers: { 'www-authenticate': 'Bearer realm="alva"' },
  });
  const { tokens } = await signIn(auth);
  const [header = '', payload = '', signature = ''] = tokens.accessToken.split('.');
  const claims = decode(payload);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forge = (head: object, body: object) => {
    const content = `${encode(head)}.${encode(body)}`;
    return `${content}.${sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const hmac = `${encode({ ...decode(header), alg: 'HS256' })}.${payload}`;
  const jwks = (await ask(`${auth.url}/.well-known/jwks.json`)).text;
  const mangled = [
    'Bearer',
    'Bearer ',
    `Bearer ${tokens.accessToken} x`,
    `Bearer ${tokens.accessToken}.`,
    `Bearer ${header}.${payload}`,
    `Bearer ${header}.${payload}.`,
    `Bearer ${header}.${payload}.${'A'.repeat(86)}`,
    `Bearer ${header}.${payload}.${signature}=`,
    `Bearer ${header}.${payload}.${signature.slice(0, -1)}${signature.endsWith('B') ? 'C' : 'B'}`,
    `Bearer ${header}.${encode({ ...claims, roles: ['user', 'admin'] })}.${signature}`,
    `Bearer ${encode({ ...decode(header), alg: 'none' })}.${payload}.`,
    `Bearer ${hmac}.${createHmac('sha256', jwks).update(hmac).digest('base64url')}`,
    `Bearer ${encode({ ...decode(header), jku: 'https://evil.example' })}.${payload}.${signature}`,
    `Bearer ${forge(decode(header), claims)}`,
    `Bearer ${forge({ ...decode(header), kid: 'unknown' }, claims)}`,
    `Bearer ${'a.'.repeat(2000)}`,
  ];
  for (const authorization of mangled) {
    const answer = await me(authorization);
    t.match(
      { status: answer.status, code: codeOf(answer) },
      { status: 401, code: 'invalid-token' },
      authorization.slice(0, 40),
    );
    t.match(answer.headers['www-authenticate'], 'error="invalid_token"');
  }
  t.equal((await me(`Bearer ${tokens.accessToken}`)).status, 200);
});

t.test('what our own key signed for another purpose, or is spelled in another way, is no access token', async (t) => {
  const { tokens } = await signIn(auth);
  const [header = '', payload = '', signature = ''] = tokens.accessToken.split('.');
  const { privateKey } = auth.resources.keyRing.current();
  const signed = (changes: object) => {
    const content = `${header}.${encode({ ...decode(payload), ...changes })}`;
    return `${content}.${sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  t.equal((await me(`Bearer ${signed({})}`)).status, 200);
  for (const changes of [{ aud: 'elsewhere' }, { iss: 'https://elsewhere.example' }, { type: 'refresh' }, { exp: '1' }])
    t.equal((await me(`Bearer ${signed(changes)}`)).status, 401, JSON.stringify(changes));
  // The last of 86 characters carries two bits; the other four are to be zero.
  const sameBytes = `${header}.${payload}.${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(85) + 1)}`;
  t.strictSame(Buffer.from(sameBytes.slice(-86), 'base64url'), Buffer.from(signature, 'base64url'));
  t.equal((await me(`Bearer ${sameBytes}`)).status, 401);
});

t.test('what is no bearer token is asked for one, and of two nobody knows which counts', async (t) => {
  const { tokens } = await signIn(auth);
  for (const authorization of ['', 'Basic YTpi', 'Basic bearer x', 'Bearerx y', tokens.accessToken]) {
    const answer = await me(authorization);
    t.match([answer.status, codeOf(answer)], [401, 'authentication-required'], authorization.slice(0, 20));
    t.notMatch(answer.headers['www-authenticate'], 'error=', 'RFC 6750, section 3.1: no error is named');
  }
  const token = `Bearer ${tokens.accessToken}`;
  for (const authorization of [[token, token], `Bearer x ${token}`]) {
    const answer = await ask(`${auth.url}/auth/me`, { headers: { authorization } });
    t.match([answer.status, codeOf(answer)], [401, 'invalid-token']);
  }
  const named = await ask(`${auth.url}/auth/me`, { headers: { authorization: token, 'x-first': 'authorization' } });
  t.equal(named.status, 200, 'another header may say the word');
});

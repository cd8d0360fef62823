import { sign } from 'node:crypto';
import t from 'tap';
import { openBearer } from '../support/admin.ts';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { signOut } from '../support/sessions.ts';
import { refreshTokenOf } from '../support/sign-in.ts';

const clock = { offset: 0 };
const auth = await startAuth(t, { now: () => Date.now() + clock.offset });
const user = await openBearer(auth);
const [header = '', payload = '', signature = ''] = user.tokens.accessToken.split('.');

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString()) as Record<string, string>;

/** Presents the header and returns the log line of that request. */
async function lineOf(authorization: string | string[] | undefined): Promise<Record<string, unknown>> {
  const before = auth.logged.length;
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await ask(`${auth.url}/auth/me`, { headers });
  t.equal(answer.status, 401);
  t.notMatch(answer.text, /expired|revoked|malformed|signature|unknown-key/, 'the sender is not told');
  for (;;) {
    const lines = auth.logged.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = lines.find(({ msg }) => msg === 'GET /auth/me');
    if (line) return line;
    // It is written after the answer.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const bearer = (...segments: string[]) => `Bearer ${segments.join('.')}`;
const refusal = (reason: string) => ({ level: 'info', status: 401, problem: 'invalid-token', reason });

t.test('the log says why a token was refused, in the words of the api, and the sender is not told', async (t) => {
  const [good, kid] = [bearer(header, payload, signature), decode(header)['kid']];
  const cases: [sent: string | string[], reason: string][] = [
    [[good, good], 'repeated-header'],
    ['Bearer', 'malformed'],
    ['Bearer a b', 'malformed'],
    [bearer('nonsense'), 'malformed'],
    [bearer(header, payload), 'malformed'],
    [bearer(header, payload, signature, signature), 'malformed'],
    [bearer(header, payload, 'A'.repeat(4096)), 'malformed'],
    [bearer('nonsense', payload, signature), 'malformed'],
    [bearer(encode('text'), payload, signature), 'malformed'],
    [bearer(header, payload, `${signature}=`), 'malformed'],
    // The same bytes: of the six bits of the last character the lower four are not read.
    [bearer(header, payload, signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(85) + 1)), 'malformed'],
    [bearer(encode({ alg: 'none', typ: 'at+jwt', kid }), payload, ''), 'header'],
    [bearer(encode({ alg: 'ES256', typ: 'JWT', kid }), payload, signature), 'header'],
    [bearer(encode({ alg: 'ES256', typ: 'at+jwt', kid, jku: 'x' }), payload, signature), 'header'],
    [bearer(encode({ alg: 'ES256', typ: 'at+jwt', kid: 'unknown' }), payload, signature), 'unknown-key'],
    [bearer(header, encode({ ...decode(payload), sub: 'somebody' }), signature), 'signature'],
  ];
  for (const [sent, reason] of cases) {
    const line = await lineOf(sent);
    t.match(line, refusal(reason), String(sent).slice(0, 80));
    t.notOk('sid' in line || 'sub' in line, 'what such a token says proves nothing');
  }
  t.match(await lineOf(undefined), { ...refusal('missing'), problem: 'authentication-required' });
  t.match(await lineOf('Basic abc'), { ...refusal('missing'), problem: 'authentication-required' });
});

t.test('the log tells what our own key signed for something else', async (t) => {
  const { privateKey } = auth.resources.keyRing.current();
  for (const [changes, reason] of [
    [{ exp: 'soon' }, 'claims'],
    [{ aud: 'elsewhere' }, 'audience'],
  ] as const) {
    const content = `${header}.${encode({ ...decode(payload), ...changes })}`;
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const line = await lineOf(bearer(content, sign('sha256', Buffer.from(content), key).toString('base64url')));
    t.match(line, refusal(reason));
  }
});

t.test('the log tells tokens of other times and other places apart', async (t) => {
  for (const [seconds, reason] of [
    [931, 'expired'],
    [-60, 'not-yet-valid'],
  ] as const) {
    clock.offset = seconds * 1000;
    t.match(await lineOf(bearer(header, payload, signature)), refusal(reason));
    clock.offset = 0;
  }
  const elsewhere = await startAuth(t, { database: auth.database, env: { AUTH_URL: 'http://localhost:3999' } });
  const { tokens } = await openBearer(elsewhere);
  t.match(await lineOf(`Bearer ${tokens.accessToken}`), refusal('issuer'));
});

t.test('the log says of which session a token is that was good until that ended', async (t) => {
  const person = await openBearer(auth);
  const { sid, sub } = decode(person.tokens.accessToken.split('.')[1] ?? '');
  await signOut(auth.url, refreshTokenOf(person.browser));
  t.match(await lineOf(`Bearer ${person.tokens.accessToken}`), { ...refusal('revoked'), sid, sub });
});

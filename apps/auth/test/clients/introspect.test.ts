import { createTestDatabase, openTcpProxy } from '@alva/testing';
import t from 'tap';
import { type TokenAnswer } from '@alva/validation';
import { startAuth } from '../support/auth.ts';
import { addClient, basic, introspect, postForm, revoke } from '../support/clients.ts';
import { openSession, refresh, signOut, successorIn } from '../support/sessions.ts';
import { refreshTokenOf, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

let clock = 0;
const auth = await startAuth(t, { now: () => Date.now() + clock });
const client = await addClient(auth);
const inactive = { active: false };

async function snapshot() {
  const { sql } = auth.database;
  return JSON.stringify([
    await sql`select * from auth.sessions order by id`,
    await sql`select * from auth.refresh_tokens order by hash`,
    await sql`select * from auth.audit_events order by id`,
  ]);
}

t.test('a service learns what an access token and a refresh token are worth', async (t) => {
  const { browser, email, tokens } = await signIn(auth);
  const access = await introspect(auth, client, tokens.accessToken);
  const claims = JSON.parse(Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()) as object;
  const { iss, aud, sub, sid, jti, iat, exp, amr, auth_time } = claims as Record<string, unknown>;
  const same = { active: true, iss, sub, sid, amr, auth_time, username: email, scope: 'user' };
  t.strictSame(access, { ...same, token_type: 'Bearer', aud, jti, iat, exp });

  const refreshing = await introspect(auth, client, refreshTokenOf(browser));
  t.match(refreshing, { ...same, token_type: 'refresh_token', aud: iss });
  t.not(refreshing.active && refreshing.aud, aud, 'its audience is no resource server');
  if (refreshing.active) t.equal(Math.round((refreshing.exp - refreshing.iat) / 86_400), 7);
});

t.test('a hint is only a hint', async (t) => {
  const { tokens, browser } = await signIn(auth);
  for (const token of [tokens.accessToken, refreshTokenOf(browser)]) {
    for (const hint of ['access_token', 'refresh_token', 'id_token']) {
      const form = { token, token_type_hint: hint };
      t.match((await postForm(`${auth.url}/auth/introspect`, form, basic(client))).json, { active: true });
    }
  }
});

t.test('of everything else nothing is said but that it is not active', async (t) => {
  const { tokens } = await signIn(auth);
  const [header, payload, signature = ''] = tokens.accessToken.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const nothings = {
    'an unknown secret': 'A'.repeat(43),
    'a word': 'hello',
    'a NUL': 'a\u0000b',
    'three dots': '...',
    'another signature': `${header}.${payload}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    'no signature': `${none}.${payload}.`,
    'a tail': `${tokens.accessToken}.`,
    'a long one': 'x'.repeat(10_000),
  };
  for (const [name, token] of Object.entries(nothings)) {
    t.strictSame(await introspect(auth, client, token), inactive, name);
  }
});

t.test('no token is active once its session is over, however good its signature', async (t) => {
  const ends: Record<string, (signedIn: Awaited<ReturnType<typeof signIn>>) => Promise<unknown>> = {
    'signed out': async ({ browser }) => signOut(auth.url, refreshTokenOf(browser)),
    revoked: async ({ tokens }) => revoke(auth, client, tokens.accessToken),
    disabled: async ({ email }) => auth.database.sql`update auth.users set disabled_at = now() where email = ${email}`,
    'over age': async ({ tokens }) => {
      const { sid } = (await introspect(auth, client, tokens.accessToken)) as { sid: string };
      await auth.database.sql`update auth.sessions set expires_at = now() where id = ${sid}`;
    },
    deleted: async ({ email }) => auth.database.sql`delete from auth.users where email = ${email}`,
  };
  for (const [name, end] of Object.entries(ends)) {
    const signedIn = await signIn(auth);
    const all = [signedIn.tokens.accessToken, refreshTokenOf(signedIn.browser)];
    for (const token of all) t.match(await introspect(auth, client, token), { active: true });
    await end(signedIn);
    for (const token of all) t.strictSame(await introspect(auth, client, token), inactive, name);
  }
});

t.test('an access token is inactive from its last second on, without allowance for clocks', async (t) => {
  const { tokens } = await signIn(auth);
  t.teardown(() => (clock = 0));
  clock = 899_000 - 1_500;
  t.match(await introspect(auth, client, tokens.accessToken), { active: true });
  clock = 900_000;
  t.strictSame(await introspect(auth, client, tokens.accessToken), inactive);
});

t.test('a refresh token is active exactly as long as a refresh with it would succeed', async (t) => {
  const chain = await openSession(auth);
  const second = successorIn(await refresh(auth.url, chain.token));
  // Each step: what is asked about, then presented, and whether that is the token's last time.
  const usable = async (token: string, name: string) => {
    const answer = await introspect(auth, client, token);
    const renewed = await refresh(auth.url, token);
    t.equal(answer.active, renewed.status === 200, name);
    return renewed;
  };
  const third = successorIn(await usable(second, 'the current token'));
  t.equal(successorIn(await usable(second, 'its predecessor, while it is unused')), third);
  t.equal(successorIn(await usable(chain.token, 'one spent moments ago')), third);
  await letTimePass(auth.database, '11 seconds');
  t.equal(successorIn(await usable(second, 'the predecessor at any age')), third);
  t.equal((await usable(chain.token, 'one spent long ago')).status, 401);
  t.equal((await usable(third, 'the current one of what ended by that')).status, 401);

  const idle = await openSession(auth);
  await letTimePass(auth.database, '7 days');
  t.equal((await usable(idle.token, 'one that waited too long')).status, 401);
});

t.test('asking changes nothing, not even about a token that was reused', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '11 seconds');
  const before = await snapshot();
  t.strictSame(await introspect(auth, client, first), inactive);
  t.match(await introspect(auth, client, third), { active: true });
  t.equal(await snapshot(), before);
  t.equal((await refresh(auth.url, third)).status, 200, 'the session goes on');
});

t.test('when a token was spent moments ago, what is said of its end is true as well', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  await refresh(auth.url, second);
  const inSeconds = async (token: string) => {
    const answer = await introspect(auth, client, token);
    return answer.active ? answer.exp - Date.now() / 1000 : 0;
  };
  t.ok((await inSeconds(first)) <= 10, 'for ten seconds from when it was spent');
  t.ok((await inSeconds(second)) > 86_400, 'the predecessor as long as its successor waits');
});

t.test('a service that verifies nothing itself sees the roles of this moment', async (t) => {
  const { email, tokens } = await signIn(auth);
  await auth.database.sql`update auth.users set roles = '{user,admin}' where email = ${email}`;
  t.match(await introspect(auth, client, tokens.accessToken), { scope: 'user admin' });
  const { user } = tokens satisfies TokenAnswer;
  t.strictSame(user.roles, ['user']);
});

t.test('34: in an outage nobody is told that a token is not active', async (t) => {
  const database = await createTestDatabase(t);
  const proxy = await openTcpProxy(t, database.url);
  const away = await startAuth(t, { database: { ...database, url: proxy.url } });
  const service = await addClient(away);
  const { tokens, browser } = await signIn(away);
  // A session of its own: a revocation that was refused may still happen, as the service wished.
  const leaving = await signIn(away);
  for (const trouble of ['cut', 'stall'] as const) {
    proxy[trouble]();
    const asked = [
      ['/auth/introspect', tokens.accessToken],
      ['/auth/introspect', refreshTokenOf(browser)],
      ['/auth/revoke', leaving.tokens.accessToken],
      ['/auth/revoke', refreshTokenOf(leaving.browser)],
    ] as const;
    // At once: each would wait for as long as a request may.
    const answers = await Promise.all(
      asked.map(([path, token]) => postForm(away.url + path, { token }, basic(service))),
    );
    for (const answer of answers) {
      t.match(answer, { status: 503, headers: { 'retry-after': /^\d+$/ }, json: { code: 'service-unavailable' } });
    }
    proxy.restore();
    await untilItWorks(() => introspect(away, service, tokens.accessToken));
    t.match(await introspect(away, service, tokens.accessToken), { active: true });
  }
});

/** Asks again as long as the service says that it is unavailable. */
async function untilItWorks(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const failure = await ask().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (failure === undefined) return;
    if (!failure.includes(' 503 ')) throw new Error(failure);
  }
}

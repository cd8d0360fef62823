import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import t from 'tap';
import { newAddress, startAuth, webOrigin } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { openSession, refresh, signOut, successorIn, tokenIn } from './support/sessions.ts';
import { askForLink } from './support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

/** Postgres says of every write to the table what it says when its disk is full. */
async function fillDisk(table: string): Promise<() => Promise<unknown>> {
  await sql.unsafe(`
    create or replace function auth.full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger disk_is_full before insert or update on auth.${table} execute function auth.full();`);
  return () => sql.unsafe(`drop trigger disk_is_full on auth.${table}`);
}

async function rows(): Promise<unknown> {
  return sql`
    select (select count(*)::int from auth.sessions) as sessions, (select count(*)::int from auth.users) as users,
      (select count(*)::int from auth.refresh_tokens) as tokens,
      (select count(*)::int from auth.refresh_tokens where spent_at is not null) as spent,
      (select count(*)::int from auth.sign_in_attempts where spent_at is not null) as links,
      (select count(*)::int from auth.sessions where ended_at is not null) as ended`;
}

for (const table of ['refresh_tokens', 'sessions', 'audit_events', 'users'] as const) {
  t.test(
    `41: the disk is full where ${table} are written: a clear error, nothing half-written, and on it goes`,
    async (t) => {
      const { token } = await openSession(auth);
      const browser = openBrowser(auth.url);
      const { token: link } = await askForLink(auth, browser, newAddress());
      const before = await rows();
      const free = await fillDisk(table);
      const tried = [
        await browser.post('/auth/verify-magic-link', { token: link }),
        ...(table === 'users' || table === 'audit_events' ? [] : [await refresh(auth.url, token)]),
        ...(table === 'sessions' || table === 'audit_events' ? [await signOut(auth.url, token)] : []),
      ];
      for (const answer of tried) {
        t.match(answer, { status: 503, headers: { 'retry-after': /^\d+$/ }, json: { code: 'service-unavailable' } });
        t.strictSame(answer.setCookies, [], 'the cookies are kept');
      }
      t.strictSame(await rows(), before, 'everything is as it was');
      await free();
      t.equal((await browser.post('/auth/verify-magic-link', { token: link })).status, 200);
      t.equal((await signOut(auth.url, successorIn(await refresh(auth.url, token)))).status, 204);
    },
  );
}

t.test('41: a mail server that accepts and then says nothing holds up no request and no shutdown', async (t) => {
  const tarPit = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(tarPit, 'listening');
  t.teardown(() => tarPit.close());
  const SMTP_URL = `smtp://127.0.0.1:${(tarPit.address() as AddressInfo).port}`;
  const slow = await startAuth(t, {
    env: { MAIL_TRANSPORT: 'smtp', SMTP_URL, MAIL_FROM: 'Alva <hello@example.com>' },
  });
  const asked = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => openBrowser(slow.url).post('/auth/send-magic-link', { email: newAddress() })),
  );
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([202]));
  t.ok(performance.now() - asked < 3_000, 'nobody waits for the mail server');
  const { token } = await openSession(slow);
  t.equal((await refresh(slow.url, token)).status, 200);
  const stopping = performance.now();
  await slow.stop();
  t.ok(performance.now() - stopping < 10_000, `stopped after ${Math.round(performance.now() - stopping)} ms`);
});

t.test('41: clocks of two copies 60 s apart: sessions go on, a token from the future is refused as such', async (t) => {
  const ahead = await startAuth(t, { database: auth.database, now: () => Date.now() + 60_000 });
  const { token } = await openSession(auth);
  let current = token;
  for (const { url } of [auth, ahead, auth, ahead]) {
    const answer = await refresh(url, current);
    t.equal(answer.status, 200, 'sessions live by the database’s clock alone');
    current = tokenIn(answer) ?? '';
  }
  const early = (await refresh(ahead.url, current)).json as { accessToken: string };
  const shown = (url: string) =>
    ask(`${url}/auth/me`, { headers: { authorization: `Bearer ${early.accessToken}`, origin: webOrigin } });
  t.equal((await shown(ahead.url)).status, 200);
  t.match(await shown(auth.url), {
    status: 401,
    headers: { 'www-authenticate': /error="invalid_token"/ },
    json: { code: 'invalid-token' },
  });
});

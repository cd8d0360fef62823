import t from 'tap';
import { newAddress, startAuth } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { codeOf, openSession, refresh, signOut, successorIn, tokenIn } from './support/sessions.ts';
import { askForLink } from './support/sign-in.ts';
import { letTimePass } from './support/time.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });
const { sql } = auth.database;

async function countOf(table: string, sessionId?: string): Promise<number> {
  const where = sessionId ? sql`where session_id = ${sessionId}` : sql``;
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(`auth.${table}`)} ${where}`;
  return row?.count ?? -1;
}

t.test('a session renewed for weeks keeps no more links than fit into the idle lifetime', async (t) => {
  const { sessionId, token } = await openSession(auth);
  let current = token;
  for (let day = 0; day < 20; day++) {
    await letTimePass(auth.database, '1 day');
    current = successorIn(await refresh(auth.url, current));
    await auth.resources.pruner.prune();
  }
  t.equal(await countOf('refresh_tokens', sessionId), 7, 'one for each of the last seven days');
  t.equal((await refresh(auth.url, current)).status, 200);
});

t.test('a lost answer is repeated however late, though the predecessor’s own time is long over', async (t) => {
  const { token } = await openSession(auth);
  await letTimePass(auth.database, '6 days');
  const successor = successorIn(await refresh(auth.url, token));
  await letTimePass(auth.database, '6 days 23 hours');
  await auth.resources.pruner.prune();
  const retried = await refresh(auth.url, token);
  t.equal(tokenIn(retried), successor);
  t.equal((await refresh(auth.url, successor)).status, 200);
});

t.test('a link spent in the last moments of its own time still answers a retry', async (t) => {
  const { token } = await openSession(auth);
  await letTimePass(auth.database, '6 days 23 hours 59 minutes 58 seconds');
  const second = successorIn(await refresh(auth.url, token));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '3 seconds');
  await auth.resources.pruner.prune();
  t.equal(tokenIn(await refresh(auth.url, token)), third);
});

t.test('one table in trouble does not let the others grow, and the failure is counted', async (t) => {
  const { sessionId } = await openSession(auth);
  await letTimePass(auth.database, '38 days');
  await sql.unsafe(`
    create function auth.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger refuse before delete on auth.rate_limits execute function auth.refuse();
    create trigger refuse before delete on auth.refresh_tokens execute function auth.refuse();
    create trigger refuse before delete on auth.sign_in_attempts execute function auth.refuse();`);
  await auth.resources.pruner.prune();
  t.match(await auth.metrics.registry.metrics(), /auth_pruning_failures_total\{what="expired refresh tokens".*\} 1/);
  await sql.unsafe(`
    drop trigger refuse on auth.rate_limits; drop trigger refuse on auth.refresh_tokens;
    drop trigger refuse on auth.sign_in_attempts; drop function auth.refuse;`);
  await auth.resources.pruner.prune();
  t.equal((await sql`select from auth.sessions where id = ${sessionId}`).length, 0);
});

t.test('a link whose own time is over is good for nothing, pruned or not, and its session goes on', async (t) => {
  const { token } = await openSession(auth);
  let current = token;
  for (let day = 0; day < 9; day++) {
    current = successorIn(await refresh(auth.url, current));
    await letTimePass(auth.database, '1 day');
  }
  t.equal(codeOf(await refresh(auth.url, token)), 'refresh-token-invalid');
  await signOut(auth.url, token);
  await auth.resources.pruner.prune();
  t.equal(codeOf(await refresh(auth.url, token)), 'refresh-token-invalid');
  t.equal((await refresh(auth.url, current)).status, 200);
});

t.test('reuse is still found while the link could have been alive', async (t) => {
  const { token } = await openSession(auth);
  let current = token;
  for (let day = 0; day < 6; day++) {
    current = successorIn(await refresh(auth.url, current));
    await letTimePass(auth.database, '1 day');
  }
  await auth.resources.pruner.prune();
  t.equal(codeOf(await refresh(auth.url, token)), 'refresh-token-reused');
  t.equal((await refresh(auth.url, current)).status, 401);
});

t.test('links of an ended session go after a day, the session after a week, its story stays', async (t) => {
  const { sessionId, token } = await openSession(auth);
  await signOut(auth.url, token);
  await auth.resources.pruner.prune();
  t.equal(await countOf('refresh_tokens', sessionId), 1);
  await letTimePass(auth.database, '25 hours');
  await auth.resources.pruner.prune();
  t.equal(await countOf('refresh_tokens', sessionId), 0);
  const stillThere = () => sql`select from auth.sessions where id = ${sessionId}`;
  t.equal((await stillThere()).length, 1);
  await letTimePass(auth.database, '6 days');
  await auth.resources.pruner.prune();
  t.equal((await stillThere()).length, 0);
  t.match(await sql`select event from auth.audit_events where session_id = ${sessionId} order by id`, [
    { event: 'signed-in' },
    { event: 'signed-out' },
  ]);
});

t.test('a session that nobody ended goes a week after its absolute end', async (t) => {
  const { sessionId } = await openSession(auth);
  await letTimePass(auth.database, '36 days');
  await auth.resources.pruner.prune();
  t.equal((await sql`select from auth.sessions where id = ${sessionId}`).length, 1);
  await letTimePass(auth.database, '1 day 1 hour');
  await auth.resources.pruner.prune();
  t.equal((await sql`select from auth.sessions where id = ${sessionId}`).length, 0);
});

t.test('for a week a late click learns that its link has expired', async (t) => {
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, newAddress());
  await letTimePass(auth.database, '7 days');
  await auth.resources.pruner.prune();
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token })), 'link-expired');
  await letTimePass(auth.database, '1 hour');
  await auth.resources.pruner.prune();
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token })), 'link-invalid');
  t.equal(await countOf('sign_in_attempts'), 0);
  t.equal(await countOf('rate_limits'), 0);
});

t.test('two copies prune at once, more than a batch, while people renew: nobody is signed out', async (t) => {
  const alive = await Promise.all(Array.from({ length: 20 }, () => openSession(auth)));
  const [{ sessionId } = { sessionId: '' }] = alive;
  await sql`
    insert into auth.refresh_tokens (hash, session_id, sequence, created_at, expires_at, spent_at)
    select sha256(n::text::bytea), ${sessionId}, -n, old, old + interval '7 days', old
    from generate_series(1, 6000) n, (values (now() - interval '8 days')) as moment (old)`;
  const renewals = alive.map(async ({ token }) => {
    let current = token;
    for (let round = 0; round < 5; round++) current = successorIn(await refresh(copy.url, current));
    return current;
  });
  await Promise.all([auth.resources.pruner.prune(), copy.resources.pruner.prune()]);
  for (const current of await Promise.all(renewals)) t.equal((await refresh(auth.url, current)).status, 200);
  t.equal(await countOf('refresh_tokens', sessionId), 7);
  const metrics = await Promise.all([auth, copy].map(({ metrics }) => metrics.registry.metrics()));
  const [one, two] = metrics.map((text) =>
    Number(/pruned_rows_total\{what="expired refresh tokens".*\} (\d+)/.exec(text)?.[1]),
  );
  t.ok((one ?? 0) + (two ?? 0) >= 6000);
  t.equal((await ask(`${auth.url}/healthz`)).status, 200);
});

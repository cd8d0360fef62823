import { randomBytes } from 'node:crypto';
import t from 'tap';
import { newAddress, startAuth, type Auth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { runKeys } from '../support/keys-command.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';
import { askForLink } from '../support/sign-in.ts';

const refused = { status: 503, json: { code: 'keys-unavailable' }, setCookies: [] };

/** The ring was replaced under a KEY_ENCRYPTION_KEY that the running copy does not have. */
async function replaceKeys({ database, resources }: Auth) {
  const env = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const { code, error } = await runKeys(database, ['replace', '--yes'], { env });
  if (code !== 0) throw new Error(`The keys were not replaced: ${error}`);
  await resources.keyRing.reload();
  return env;
}

/** All that a sign-in or a renewal may change. */
async function readRows({ database: { sql } }: Auth) {
  return {
    attempts: await sql`select * from auth.sign_in_attempts order by id`,
    limits: await sql`select * from auth.rate_limits order by 1, 2`,
    users: await sql`select * from auth.users order by id`,
    sessions: await sql`select * from auth.sessions order by id`,
    tokens: await sql`select * from auth.refresh_tokens order by hash`,
    trail: await sql`select * from auth.audit_events order by id`,
  };
}

t.test('a copy that cannot sign spends no link, tries no code and rotates no token', async (t) => {
  const auth = await startAuth(t);
  const { database } = auth;
  const browsers = [openBrowser(auth.url), openBrowser(auth.url)] as const;
  const { token: link } = await askForLink(auth, browsers[0], newAddress());
  const { attemptId, code } = await askForLink(auth, browsers[1], newAddress());
  const { token } = await openSession(auth);
  const spent = (await openSession(auth)).token;
  const current = successorIn(await refresh(auth.url, spent));
  const env = await replaceKeys(auth);

  const before = await readRows(auth);
  t.match(await browsers[0].post('/auth/verify-magic-link', { token: link }), refused);
  t.match(await browsers[1].post('/auth/verify-magic-link', { attemptId, code }), refused);
  t.match(await browsers[1].post('/auth/verify-magic-link', { attemptId, code: 'AAAAAA' }), refused);
  t.match(await refresh(auth.url, token), refused);
  t.match(await refresh(auth.url, spent), refused, 'a retry is not answered either');
  t.strictSame(await readRows(auth), before);

  const healthy = await startAuth(t, { database, env });
  // Not the code: it was hashed under the KEY_ENCRYPTION_KEY before.
  const elsewhere = openBrowser(healthy.url, [...browsers[0].cookies]);
  t.match(await elsewhere.post('/auth/verify-magic-link', { token: link }), { status: 200 });
  for (const kept of [token, current]) t.equal((await refresh(healthy.url, kept)).status, 200);
});

t.test('a copy that cannot sign is not ready, and its log and a gauge say so until it is restarted', async (t) => {
  const auth = await startAuth(t);
  const usable = async () =>
    /^auth_signing_keys_usable\S* (\d)$/m.exec(await auth.metrics.registry.metrics())?.[1] ?? 'none';
  t.equal((await ask(`${auth.url}/readyz`)).status, 200);
  t.equal(await usable(), '1');
  const env = await replaceKeys(auth);

  t.match(await ask(`${auth.url}/readyz`), { status: 503, json: { detail: 'Not ready: keys' } });
  t.equal(await usable(), '0');
  await auth.resources.keyRing.reload();
  t.equal(await usable(), '0', 'for as long as it lasts');
  const errors = auth.logged.map((line) => JSON.parse(line) as { level: string; msg: string });
  t.match(
    errors.filter(({ level }) => level === 'error'),
    [{ msg: /nobody can sign in or renew here; restart this copy with the new value of KEY_ENCRYPTION_KEY$/ }],
  );
  t.equal((await ask(`${auth.url}/.well-known/jwks.json`)).status, 200, 'it still tells which keys there are');

  const restarted = await startAuth(t, { database: auth.database, env });
  t.equal((await ask(`${restarted.url}/readyz`)).status, 200);
});

import { randomBytes } from 'node:crypto';
import t from 'tap';
import { startAuth, keyEncryptionKey as firstKey, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { countStates, readKeyTrail, readRing } from '../support/keys.ts';
import { runKeys } from '../support/keys-command.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const newKey = () => randomBytes(32).toString('base64');

async function renew(auth: Auth, token: string) {
  const answer = await refresh(auth.url, token);
  return { token: successorIn(answer), accessToken: (answer.json as { accessToken: string }).accessToken };
}

async function statusAt({ url }: Auth, accessToken: string): Promise<number> {
  return (await ask(`${url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
}

function errorsIn({ logged }: Auth): string[] {
  return logged.filter((line) => line.includes('cannot be opened'));
}

t.test('a changed KEY_ENCRYPTION_KEY: reseal, restart, and nobody notices', async (t) => {
  const old = await startAuth(t);
  const { database } = old;
  const person = await renew(old, (await openSession(old)).token);
  const env = { KEY_ENCRYPTION_KEY: newKey() };
  const kids = (await readRing(database)).map(({ kid }) => kid);

  await t.rejects(startAuth(t, { database, env }), /^KEY_ENCRYPTION_KEY does not open/);
  t.match(await runKeys(database, ['list'], { env }), { code: 1, error: /^KEY_ENCRYPTION_KEY does not open/ });
  t.match(await runKeys(database, ['reseal'], { env }), { code: 1, error: /^OLD_KEY_ENCRYPTION_KEY is not set/ });
  t.match(await runKeys(database, ['reseal'], { env: { ...env, OLD_KEY_ENCRYPTION_KEY: newKey() } }), {
    code: 1,
    error: /^OLD_KEY_ENCRYPTION_KEY does not open the signing keys either/,
  });
  const resealed = await runKeys(database, ['reseal'], { env: { ...env, OLD_KEY_ENCRYPTION_KEY: firstKey } });
  t.match(resealed, { code: 0, out: /^(✓ [\w-]{43} is sealed with KEY_ENCRYPTION_KEY now\n){2}Restart every copy/ });
  t.notMatch(JSON.stringify(resealed), new RegExp(`${firstKey}|${env.KEY_ENCRYPTION_KEY}`.replaceAll('+', '\\+')));
  t.match(await runKeys(database, ['reseal'], { env }), { code: 0, out: /nothing to seal again/ });
  t.match((await readKeyTrail(database)).slice(3), [
    { event: 'keys-resealed', cause: 'command', kid: kids[0] },
    { event: 'keys-resealed', cause: 'command', kid: kids[1] },
  ]);

  for (let time = 0; time < 3; time++) await old.resources.keyRing.reload();
  t.equal(errorsIn(old).length, 1, 'said once');
  t.match(errorsIn(old)[0], /keys -- reseal/);
  const started = await startAuth(t, { database, env });
  const renewed = await renew(old, person.token);
  for (const auth of [old, started]) {
    for (const { accessToken } of [person, renewed]) t.equal(await statusAt(auth, accessToken), 200);
  }
});

t.test(
  'a copy with the KEY_ENCRYPTION_KEY before cannot harm the ring, and verifies what the others sign',
  async (t) => {
    const old = await startAuth(t);
    const { database } = old;
    const { token } = await openSession(old);
    const env = { KEY_ENCRYPTION_KEY: newKey() };
    await runKeys(database, ['reseal'], { env: { ...env, OLD_KEY_ENCRYPTION_KEY: firstKey } });
    await letTimePass(database, '31 days');
    await database.sql`update auth.sessions set expires_at = now() + interval '1 day'`;
    await database.sql`update auth.refresh_tokens set expires_at = now() + interval '1 day'`;
    const before = await readRing(database);
    await t.rejects(old.resources.keyRing.reload(), { name: 'ConfigError' });
    await t.rejects(old.resources.keyRotation.rotate({ cause: 'administrator' }), { name: 'ConfigError' });
    t.strictSame(await readRing(database), before);

    const started = await startAuth(t, { database, env });
    await started.resources.keyRing.reload();
    t.strictSame(await countStates(database), { previous: 1, current: 1, next: 1 });
    await old.resources.keyRing.reload();
    const late = await renew(old, token);
    const fresh = await renew(started, late.token);
    t.not(late.accessToken.split('.')[0], fresh.accessToken.split('.')[0]);
    for (const auth of [old, started]) {
      for (const { accessToken } of [late, fresh]) t.equal(await statusAt(auth, accessToken), 200);
    }
  },
);

t.test('a lost KEY_ENCRYPTION_KEY: replace makes new keys, sessions survive, access tokens are renewed', async (t) => {
  const old = await startAuth(t);
  const { database } = old;
  const { token, accessToken } = await renew(old, (await openSession(old)).token);
  const lost = await readRing(database);
  t.match(await runKeys(database, ['replace', '--yes']), { code: 0, out: /nothing to replace/ });

  const env = { KEY_ENCRYPTION_KEY: newKey() };
  t.match(await runKeys(database, ['replace'], { env }), { code: 1, out: '', error: /keys -- replace --yes\n$/ });
  t.strictSame(await readRing(database), lost);
  const replaced = await runKeys(database, ['replace', '--yes'], { env });
  t.match(replaced, {
    code: 0,
    out: /^(✓ .* is removed\n){2}(✓ .* is published and signs next\n){2}✓ .* signs from now/,
  });
  t.equal((await readRing(database)).length, 2);

  await old.resources.keyRing.reload();
  const refused = await refresh(old.url, token);
  t.match(
    refused,
    { status: 503, json: { code: 'keys-unavailable' }, setCookies: [] },
    'it signs nothing that all refuse',
  );

  const started = await startAuth(t, { database, env });
  t.equal(await statusAt(started, accessToken), 401);
  const renewed = await renew(started, token);
  for (const auth of [old, started]) t.equal(await statusAt(auth, renewed.accessToken), 200);
});

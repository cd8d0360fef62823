import { createPrivateKey, randomBytes } from 'node:crypto';
import { migrate } from '@alva/database';
import { migrateQueue } from '@alva/queue';
import { createTestDatabase } from '@alva/testing';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { bootCopy } from '../support/copies.ts';
import { countStates, newPem, readKeyTrail, readRing } from '../support/keys.ts';
import { openSession, refresh } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

t.test(
  '39: ten copies booting at once on an empty database: migrated once, one signing key and one next',
  async (t) => {
    const database = await createTestDatabase(t);
    await database.sql.unsafe('drop schema auth, app, queue, drizzle cascade');
    const copies = await Promise.all(
      Array.from({ length: 10 }, async () => {
        await migrate({ url: database.url });
        await migrateQueue({ url: database.url });
        return bootCopy(t, database);
      }),
    );
    t.equal(new Set(copies.map(({ keyRing }) => keyRing.current().kid)).size, 1);
    t.equal(new Set(copies.map(({ keyRing }) => JSON.stringify(keyRing.jwks()))).size, 1);
    const [current, next] = await readRing(database);
    t.strictSame(await countStates(database), { current: 1, next: 1 });
    t.strictSame(
      (await readKeyTrail(database)).map(({ event, cause, kid }) => [event, cause, kid]),
      [
        ['key-added', 'first-start', current?.kid],
        ['key-added', 'first-start', next?.kid],
        ['key-activated', 'first-start', current?.kid],
      ],
    );
  },
);

t.test('a private part is sealed, bound to its kid, and erased once retired', async (t) => {
  const database = await createTestDatabase(t);
  const { keyRing } = await bootCopy(t, database);
  const { d } = keyRing.current().privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(d ?? '', 'base64url');
  const [row] = await database.sql`select private_sealed, row_to_json(k)::text as dump from auth.signing_keys k
    where state = 'current'`;
  t.equal((row?.['private_sealed'] as Buffer).indexOf(secret), -1);
  t.notMatch(row?.['dump'], secret.toString('hex'));

  await letTimePass(database, '31 days');
  await keyRing.reload();
  t.match(await readRing(database), [
    { state: 'previous', private_sealed: null },
    { state: 'current', private_sealed: Buffer },
    { state: 'next', private_sealed: Buffer },
  ]);
  await database.sql`update auth.signing_keys set kid = 'another' where state = 'current'`;
  await t.rejects(bootCopy(t, database), { name: 'ConfigError' });
});

t.test('a KEY_ENCRYPTION_KEY that does not open the ring: one line that names both ways out', async (t) => {
  const database = await createTestDatabase(t);
  await bootCopy(t, database);
  const wrong = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  await t.rejects(bootCopy(t, database, wrong), {
    name: 'ConfigError',
    message: /^KEY_ENCRYPTION_KEY does not open .*Fix: .*keys -- reseal.*keys -- replace --yes"[^\n]*$/,
  });
});

t.test('a next key that does not open is noticed at start, not when it should sign', async (t) => {
  const database = await createTestDatabase(t);
  await bootCopy(t, database);
  await database.sql`update auth.signing_keys set private_sealed = ${randomBytes(166)} where state = 'next'`;
  await t.rejects(bootCopy(t, database), { name: 'ConfigError' });
});

t.test('an existing key begins an empty ring, in PEM or JWK, also on ten copies at once', async (t) => {
  const pem = newPem();
  const jwk = JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' }));
  const kids = [];
  for (const JWT_PRIVATE_KEY of [pem, pem.replaceAll('\n', '\\n'), jwk]) {
    const database = await createTestDatabase(t);
    const copies = await Promise.all(Array.from({ length: 10 }, () => bootCopy(t, database, { JWT_PRIVATE_KEY })));
    kids.push(...copies.map(({ keyRing }) => keyRing.current().kid));
    t.equal((await bootCopy(t, database)).keyRing.current().kid, kids[0], 'and stays without the variable');
  }
  t.equal(new Set(kids).size, 1);
});

t.test('a ring that has a key keeps it', async (t) => {
  const database = await createTestDatabase(t);
  const { kid } = (await bootCopy(t, database)).keyRing.current();
  const { keyRing } = await bootCopy(t, database, { JWT_PRIVATE_KEY: newPem() });
  t.equal(keyRing.current().kid, kid);
  t.equal(keyRing.jwks().keys.length, 2);
});

t.test('the JWK set has the key that signs and the next one, public parts only, for five minutes', async (t) => {
  const auth = await startAuth(t);
  const answer = await ask(`${auth.url}/.well-known/jwks.json`);
  t.match(answer, { status: 200, headers: { 'cache-control': 'public, max-age=300' } });
  const { keys } = answer.json as { keys: Record<string, string>[] };
  const kids = keys.map(({ kid }) => kid);
  t.strictSame(
    kids,
    (await readRing(auth.database)).map(({ kid }) => kid),
  );
  t.equal(keys.length, 2);
  for (const published of keys) {
    t.strictSame(Object.keys(published).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  }
});

t.test('a ring that somebody emptied begins anew at the copies that run', async (t) => {
  const auth = await startAuth(t);
  const { token } = await openSession(auth);
  await auth.database.sql`delete from auth.signing_keys`;
  await auth.resources.keyRing.reload();
  t.equal((await refresh(auth.url, token)).status, 200);
});

t.test('the age of the key that signs, and failures to read it, are measured', async (t) => {
  const auth = await startAuth(t);
  await letTimePass(auth.database, '2 hours');
  await auth.resources.keyRing.reload();
  const [age] = /^auth_signing_key_age_seconds\b.*$/m.exec(await auth.metrics.registry.metrics()) ?? [];
  t.match(age, / 72\d\d(\.\d+)?$/);
  t.match(await auth.metrics.registry.metrics(), /^auth_signing_key_reload_failures_total\S* 0$/m);
});

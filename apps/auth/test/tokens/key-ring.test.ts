import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { migrate } from '@alva/database';
import { migrateQueue } from '@alva/queue';
import { createDisposer, createLogger, createMetrics } from '@alva/service-kit';
import { createTestDatabase, type TestDatabase } from '@alva/testing';
import t from 'tap';
import { createAuthMetrics } from '../../src/metrics.ts';
import { openResources } from '../../src/resources.ts';
import { readConfig } from '../../src/config.ts';
import { keyEncryptionKey, startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { signIn } from '../support/sign-in.ts';

function environment(database: TestDatabase, env: Record<string, string> = {}) {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
    MAIL_TRANSPORT: 'inbox',
    ...env,
  };
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** What a copy of the service does before it listens. */
async function boot(t: Teardown, database: TestDatabase, env: Record<string, string> = {}) {
  const disposer = createDisposer();
  t.teardown(() => disposer.dispose());
  const log = createLogger({ name: 'auth', level: 'silent' });
  const metrics = createAuthMetrics(createMetrics({ name: 'auth' }));
  const { keyRing } = await openResources({ config: readConfig(environment(database, env)), metrics, log, disposer });
  return keyRing;
}

t.test('ten copies booting at once on an empty database: migrated once, one signing key', async (t) => {
  const database = await createTestDatabase(t);
  await database.sql.unsafe('drop schema auth, app, queue, drizzle cascade');
  const rings = await Promise.all(
    Array.from({ length: 10 }, async () => {
      await migrate({ url: database.url });
      await migrateQueue({ url: database.url });
      return boot(t, database);
    }),
  );
  t.equal(new Set(rings.map((ring) => ring.current().kid)).size, 1);
  t.match(await database.sql`select state from auth.signing_keys`, [{ state: 'current' }]);
});

t.test('the private part is stored sealed, and bound to its key id', async (t) => {
  const database = await createTestDatabase(t);
  const ring = await boot(t, database);
  const { d } = ring.current().privateKey.export({ format: 'jwk' });
  const [row] = await database.sql`select private_sealed, row_to_json(k)::text as dump from auth.signing_keys k`;
  const secret = Buffer.from(d ?? '', 'base64url');
  t.equal((row?.['private_sealed'] as Buffer).indexOf(secret), -1);
  t.notMatch(row?.['dump'], secret.toString('hex'));
  await database.sql`update auth.signing_keys set kid = 'another'`;
  await t.rejects(boot(t, database), { name: 'ConfigError' });
});

t.test('a wrong KEY_ENCRYPTION_KEY refuses to start with one clear line', async (t) => {
  const database = await createTestDatabase(t);
  await boot(t, database);
  const wrong = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  await t.rejects(boot(t, database, wrong), {
    name: 'ConfigError',
    message: /^KEY_ENCRYPTION_KEY does not open .*Fix: .*[^\n]$/,
  });
});

t.test('an existing key begins an empty ring, in PEM or JWK, also on ten copies at once', async (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const spellings = [pem, pem.replaceAll('\n', '\\n'), JSON.stringify(privateKey.export({ format: 'jwk' }))];
  const kids = [];
  for (const JWT_PRIVATE_KEY of spellings) {
    const database = await createTestDatabase(t);
    const rings = await Promise.all(Array.from({ length: 10 }, () => boot(t, database, { JWT_PRIVATE_KEY })));
    kids.push(...rings.map((ring) => ring.current().kid));
    t.equal((await boot(t, database)).current().kid, kids[0], 'and stays without the variable');
  }
  t.equal(new Set(kids).size, 1);
});

t.test('a ring that has a key keeps it', async (t) => {
  const database = await createTestDatabase(t);
  const { kid } = (await boot(t, database)).current();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ring = await boot(t, database, {
    JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  });
  t.equal(ring.current().kid, kid);
  t.equal(ring.jwks().keys.length, 1);
});

t.test('keys that wait and keys that retired are published; a token by another copy’s new key is found', async (t) => {
  const auth = await startAuth(t);
  const { sql } = auth.database;
  const { tokens } = await signIn(auth);
  const donor = await createTestDatabase(t);
  await boot(t, donor);
  const [key] = await donor.sql`select * from auth.signing_keys`;
  if (!key) throw new Error('The donor has no key');
  await sql`insert into auth.signing_keys ${sql({ ...key, state: 'next', public_jwk: sql.json(key['public_jwk'] as never) })}`;
  await auth.resources.keyRing.reload();
  const jwks = await ask(`${auth.url}/.well-known/jwks.json`);
  t.match(jwks, { status: 200, headers: { 'cache-control': 'public, max-age=300' } });
  const { keys } = jwks.json as { keys: Record<string, string>[] };
  t.equal(keys.length, 2);
  for (const published of keys) {
    t.strictSame(Object.keys(published).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'], 'public parts only');
  }

  const copy = await startAuth(t, { database: auth.database });
  await sql`update auth.signing_keys set state = 'previous', private_sealed = null where state = 'current'`;
  await sql`update auth.signing_keys set state = 'current' where state = 'next'`;
  await copy.resources.keyRing.reload();
  const newer = await signIn(copy);
  t.not(newer.tokens.accessToken.split('.')[0], tokens.accessToken.split('.')[0]);
  for (const { accessToken } of [tokens, newer.tokens]) {
    for (const { url } of [auth, copy]) {
      const me = await ask(`${url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
      t.equal(me.status, 200, me.text);
    }
  }
});

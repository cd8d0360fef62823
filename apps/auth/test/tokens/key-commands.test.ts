import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@alva/testing';
import t from 'tap';
import { createKeyCommands } from '../../src/tokens/key-commands.ts';
import { readPrivateKey, toKeyPair } from '../../src/tokens/key-pair.ts';
import { createKeySeal } from '../../src/tokens/key-seal.ts';
import { keyEncryptionKey } from '../support/auth.ts';
import { bootCopy } from '../support/copies.ts';
import { newPem, readKeyTrail, readRing } from '../support/keys.ts';
import { runKeys } from '../support/keys-command.ts';
import { letTimePass } from '../support/time.ts';

const placeOf = (url: string) => new URL(url).host + new URL(url).pathname;

t.test('keys -- list tells what each key does, until when', async (t) => {
  const database = await createTestDatabase(t);
  t.match(await runKeys(database, ['list']), { code: 0, out: /^There are no signing keys yet/ });
  const { keyRing } = await bootCopy(t, database);
  await letTimePass(database, '31 days');
  await keyRing.reload();
  const [previous, current, next] = await readRing(database);
  const { code, out } = await runKeys(database, ['list']);
  t.equal(code, 0);
  const time = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d UTC`;
  const [first, second, third, ...more] = out.trimEnd().split('\n');
  t.match(first, new RegExp(`^previous   ${previous?.kid}   signed until ${time}, is removed after ${time}$`));
  t.match(second, new RegExp(`^current    ${current?.kid}   signs since ${time}, until ${time}$`));
  t.match(third, new RegExp(`^next       ${next?.kid}   published since ${time}, may sign from ${time}$`));
  t.strictSame(more, [`In ${placeOf(database.url)}.`]);
});

t.test('keys says how it is used: on request with success, after a mistake with failure', async (t) => {
  const database = await createTestDatabase(t);
  for (const args of [['--help'], []]) {
    t.match(await runKeys(database, args), { code: 0, out: /^Usage: npm run keys -- <command>\n/ }, args.join(' '));
  }
  t.match(await runKeys(database, ['frobnicate']), { code: 1, error: /^There is no command "frobnicate"\.\n\nUsage/ });
  const misused: [string[], RegExp][] = [
    [['import'], /^import needs <file>\.\n\nUsage: npm run keys/],
    [['list', 'extra'], /^list takes nothing after it\.\n\nUsage: npm run keys/],
    [['rotate', '--fast'], /^Unknown option '--fast'[^]*Usage: npm run keys/],
  ];
  for (const [args, error] of misused) {
    t.match(await runKeys(database, args), { code: 1, out: '', error }, args.join(' '));
  }
  const key = randomBytes(32).toString('base64');
  const { error } = await runKeys(database, ['reseal', key]);
  t.notMatch(error, key, 'what somebody took for its place is not repeated');
});

t.test('keys -- rotate waits until everyone knows the next key, and is taken over by copies that run', async (t) => {
  const database = await createTestDatabase(t);
  const { keyRing } = await bootCopy(t, database);
  const [current, next] = await readRing(database);
  t.match(await runKeys(database, ['rotate']), {
    code: 1,
    out: '',
    error:
      /^The next key is not known to everyone yet: it may sign from 20.* UTC\. Wait until then, [^\n]*: npm run keys -- rotate --now --yes\n$/,
  });
  t.equal((await readKeyTrail(database)).length, 3, 'nothing was changed');
  await letTimePass(database, '15 minutes');
  t.match(await runKeys(database, ['rotate']), {
    code: 0,
    out: new RegExp(`^✓ ${next?.kid} signs from now on\nTokens of .*\nIn ${placeOf(database.url)}\\.\n$`),
    error: '',
  });
  await keyRing.reload();
  t.equal(keyRing.current().kid, next?.kid);
  t.equal(keyRing.jwks().keys[0]?.kid, current?.kid, 'still published');
  t.match((await readKeyTrail(database)).slice(3), [
    { event: 'key-activated', cause: 'command', kid: next?.kid },
    { event: 'key-added', cause: 'command' },
  ]);
});

t.test('keys -- rotate --now removes every key that signed, but asks to be meant', async (t) => {
  const database = await createTestDatabase(t);
  const { keyRing } = await bootCopy(t, database);
  await letTimePass(database, '31 days');
  await keyRing.reload();
  const [previous, current, next] = await readRing(database);
  t.match(await runKeys(database, ['rotate', '--now']), { code: 1, out: '', error: /keys -- rotate --now --yes\n$/ });
  t.match(await runKeys(database, ['rotate', '--now', '--yes']), {
    code: 0,
    out: new RegExp(`✓ ${previous?.kid} is removed\n✓ ${current?.kid} is removed\n✓ ${next?.kid} signs from now on\n`),
  });
  await keyRing.reload();
  t.equal(keyRing.current().kid, next?.kid);
  t.equal(keyRing.jwks().keys.length, 2, 'with a new next one');
});

t.test('keys -- import publishes a key of one’s own before it signs, from a file or standard input', async (t) => {
  const database = await createTestDatabase(t);
  await bootCopy(t, database);
  const [, next] = await readRing(database);
  const folder = await mkdtemp(join(tmpdir(), 'alva-keys-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const pem = newPem();
  await writeFile(join(folder, 'own.pem'), pem);
  const { kid } = await toKeyPair(readPrivateKey(pem));
  // npm runs scripts at the root of the checkout, and says here where it was called.
  const fromFolder = { env: { INIT_CWD: folder } };
  t.match(await runKeys(database, ['import', 'own.pem'], fromFolder), {
    code: 0,
    out: new RegExp(`^✓ ${next?.kid} is removed\n✓ ${kid} is published and signs next\nIt may sign from 20`),
  });
  t.match(await readRing(database), [{ state: 'current' }, { state: 'next', kid }]);
  t.match(await runKeys(database, ['import', 'own.pem'], fromFolder), { code: 1, error: /^The ring has the key/ });

  const other = createPrivateKey(newPem());
  const jwk = JSON.stringify(other.export({ format: 'jwk' }));
  t.match(await runKeys(database, ['import', '-'], { input: jwk }), { code: 0 });
  t.match(await readRing(database), [{ state: 'current' }, { kid: (await toKeyPair(other)).kid }]);
});

t.test('keys -- import refuses whatever is no private P-256 key, without quoting it', async (t) => {
  const database = await createTestDatabase(t);
  const { keyRotation: rotation } = await bootCopy(t, database);
  const before = await readRing(database);
  const ownKey = createPrivateKey(newPem());
  const { d = '' } = createPrivateKey(newPem()).export({ format: 'jwk' });
  const mixed = createPrivateKey({ key: { ...ownKey.export({ format: 'jwk' }), d }, format: 'jwk' });
  const publicPartOfAnother = /^a\.pem has the public part of another key\.$/;
  const refused: [string, RegExp][] = [
    [JSON.stringify({ ...ownKey.export({ format: 'jwk' }), d }), publicPartOfAnother],
    [mixed.export({ format: 'pem', type: 'pkcs8' }).toString(), publicPartOfAnother],
    [newPem('P-384'), /^a\.pem is not a P-256 key\.$/],
    [newPem('secp256k1'), /^a\.pem is not a P-256 key\.$/],
    [createPublicKey(ownKey).export({ format: 'pem', type: 'spki' }).toString(), /^a\.pem is a public key/],
    [JSON.stringify(createPublicKey(ownKey).export({ format: 'jwk' })), /^a\.pem is a public key/],
    ['hunter2', /^a\.pem is not a key in PEM or JWK\.$/],
    ['{"kty":', /^a\.pem is not a key in PEM or JWK\.$/],
  ];
  const seal = createKeySeal(Buffer.from(keyEncryptionKey, 'base64'));
  for (const [text, message] of refused) {
    const commands = createKeyCommands({
      rotation,
      seal,
      oldSeal: undefined,
      resealTotp: undefined,
      readInput: () => text,
    });
    await t.rejects(commands.import('a.pem'), { name: 'ConfigError', message });
  }
  t.match(await runKeys(database, ['import', 'no-such.pem']), {
    code: 1,
    out: '',
    error: /^no-such\.pem cannot be read\.\n$/,
  });
  t.strictSame(await readRing(database), before);
});

t.test('a database that is not there, or not migrated: one line that says what to do', async (t) => {
  const database = await createTestDatabase(t);
  await database.sql.unsafe('drop schema auth cascade');
  const lines: [string, RegExp][] = [
    [database.url, /^The database of DATABASE_URL is not migrated [^\n]*npm run db:migrate\n$/],
    [
      'postgres://127.0.0.1:9/nothing',
      /^DATABASE_URL cannot be reached: [^\n]*Fix: start Postgres there, or [^\n]*\n$/,
    ],
  ];
  for (const [DATABASE_URL, line] of lines) {
    t.match(await runKeys(database, ['list'], { env: { DATABASE_URL } }), { code: 1, error: line });
  }
});

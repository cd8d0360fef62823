import { createCipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import t from 'tap';
import { openBcrypt } from '../../src/passwords/bcrypt.ts';
import { createHashQueue } from '../../src/passwords/hash-queue.ts';
import { createHasher } from '../../src/passwords/hasher.ts';
import { readStoredHash, writePhc } from '../../src/passwords/stored-hash.ts';

const bcrypt = openBcrypt();
t.teardown(() => bcrypt.close());
const hasher = createHasher({
  cost: { memory: 1_024, passes: 1, lanes: 1 },
  queue: createHashQueue({ atOnce: 2 }),
  bcrypt,
});
const password = 'violet otter under 9 lamps';

t.test('what it made is right for the password, wrong for any other, and has a salt of its own', async (t) => {
  const [one, two] = [await hasher.hash(password), await hasher.hash(password)];
  t.match(one, /^\$argon2id\$v=19\$m=1024,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  t.not(one, two);
  t.strictSame(await hasher.compare(password, one), { right: true, outdated: false });
  t.match(await hasher.compare(`${password} `, one), { right: false });
});

t.test('nobody’s password is never right, nor is what cannot be read', async (t) => {
  for (const stored of [null, '', 'x', '$argon2id$v=19$m=1024,t=1,p=1$$', '$2b$10$short'])
    t.match(await hasher.compare(password, stored), { right: false }, String(stored));
});

t.test('hashes of other systems are understood, and are to be hashed anew', async (t) => {
  const salt = Buffer.from('sixteen bytes ok');
  const fb = scryptSync(password, Buffer.concat([salt, Buffer.from('Bw==', 'base64')]), 32, {
    N: 2 ** 14,
    r: 8,
    p: 1,
    maxmem: 2 ** 26,
  });
  const signerKey = createHash('sha512').update('a project').digest();
  const cipher = createCipheriv('aes-256-ctr', fb, Buffer.alloc(16));
  const signed = Buffer.concat([cipher.update(signerKey), cipher.final()]);
  const foreign = {
    bcrypt: hashSync(password, 6),
    'bcrypt of PHP': hashSync(password, 6).replace('$2b$', '$2y$'),
    scrypt: writePhc(
      'scrypt',
      { ln: 14, r: 8, p: 1 },
      salt,
      scryptSync(password, salt, 64, { N: 2 ** 14, r: 8, p: 1 }),
    ),
    firebase: `$fbscrypt$v=1,ln=14,r=8,p=1,ss=Bw==,sk=${signerKey.toString('base64')}$${salt.toString('base64')}$${signed.toString('base64')}`,
    'pbkdf2-sha256': writePhc('pbkdf2-sha256', { i: 1_000 }, salt, pbkdf2Sync(password, salt, 1_000, 32, 'sha256')),
    'pbkdf2-sha512': writePhc('pbkdf2-sha512', { i: 1_000 }, salt, pbkdf2Sync(password, salt, 1_000, 64, 'sha512')),
    // RFC 9106 has none for passwords: made by the reference implementation, argon2 -i and -id of "password", "somesalt".
  };
  for (const [name, stored] of Object.entries(foreign)) {
    t.strictSame(await hasher.compare(password, stored), { right: true, outdated: true }, name);
    t.match(await hasher.compare('another', stored), { right: false }, name);
  }
  const reference = '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8';
  t.strictSame(await hasher.compare('password', reference), { right: true, outdated: true }, 'of the argon2 sources');
});

t.test('a hash that would cost minutes is as good as none', async (t) => {
  const salt = 'c29tZXNhbHQ';
  const hash = 'iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8';
  const hostile = [
    `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=65536,t=1000,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=1024,t=1,p=4000$${salt}$${hash}`,
    `$argon2id$v=19$m=-1,t=1,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=1e4,t=1.5,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=1024,t=1,p=1$${salt}$${'A'.repeat(900)}`,
    `$2b$31$${'a'.repeat(53)}`,
    `$scrypt$ln=30,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=14,r=8,p=999999$${salt}$${hash}`,
    `$pbkdf2-sha256$i=999999999$${salt}$${hash}`,
    `$pbkdf2-md5$i=1000$${salt}$${hash}`,
    `$md5$i=1000$${salt}$${hash}`,
  ];
  for (const stored of hostile) t.equal(readStoredHash(stored), undefined, stored.slice(0, 50));
  const started = performance.now();
  for (const stored of hostile) t.match(await hasher.compare(password, stored), { right: false });
  t.ok(performance.now() - started < 3_000);
});

t.test('bcrypt holds nobody up: it has a thread of its own', async (t) => {
  const stored = hashSync(password, 11);
  let turns = 0;
  const count = setInterval(() => (turns += 1), 1);
  await hasher.compare(password, stored);
  clearInterval(count);
  t.ok(turns > 5, `${turns} turns meanwhile`);
});

import { createHash, createCipheriv, pbkdf2Sync, scryptSync } from 'node:crypto';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hashSync } from 'bcryptjs';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { goodPassword, logIn, otherPassword, register } from '../support/passwords.ts';
import { codeOf } from '../support/sessions.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const tool = fileURLToPath(new URL('../../../../tools/people.ts', import.meta.url));
const file = join(t.testdir({}), 'people.jsonl');

/** `npm run people -- import …` as an operator runs it. */
async function importLines(lines: readonly (object | string)[]) {
  await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return people('import', file);
}

async function people(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: auth.database.url, REDIS_URL: auth.config.REDIS_URL ?? '' };
  const child = spawn(process.execPath, [tool, ...args], { env });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, error] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, out, error };
}

const hashOf = async (email: string) => {
  const [row] = await sql<{ hash: string }[]>`
    select p.hash from auth.passwords p join auth.users u on u.id = p.user_id where u.email = ${email}`;
  return row?.hash ?? '';
};

/** The same password as these systems store it. */
function exports(password: string): Record<string, unknown> {
  const salt = Buffer.from('sixteen bytes ok');
  const [b64, hex] = [salt.toString('base64'), salt.toString('hex')];
  const signerKey = createHash('sha512').update('a project').digest();
  const cipher = createCipheriv(
    'aes-256-ctr',
    scryptSync(password, Buffer.concat([salt, Buffer.from('Bw==', 'base64')]), 32),
    Buffer.alloc(16),
  );
  const signed = Buffer.concat([cipher.update(signerKey), cipher.final()]).toString('base64');
  const pbkdf2 = (bytes: Buffer | string, length: number, digest: string) =>
    pbkdf2Sync(password, bytes, 1_000, length, digest).toString('base64');
  const ab64 = (value: string) => value.replaceAll('+', '.').replaceAll('=', '');
  return {
    supabase: hashSync(password, 5),
    auth0: hashSync(password, 5).replace('$2b$', '$2a$'),
    firebase: `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=${signerKey.toString('base64')}$${b64}$${signed}`,
    django: `pbkdf2_sha256$1000$saltsalt$${pbkdf2('saltsalt', 32, 'sha256')}`,
    'django-sha1': `pbkdf2_sha1$1000$saltsalt$${pbkdf2('saltsalt', 20, 'sha1')}`,
    'django-scrypt': `scrypt$saltsalt$16384$8$1$${scryptSync(password, 'saltsalt', 64).toString('base64')}`,
    passlib: `$pbkdf2-sha256$1000$${ab64(b64)}$${ab64(pbkdf2(salt, 32, 'sha256'))}`,
    'better-auth': `${hex}:${scryptSync(password, hex, 64, { N: 16_384, r: 16, p: 1, maxmem: 2 ** 26 }).toString('hex')}`,
    keycloak: {
      secretData: JSON.stringify({ value: pbkdf2(salt, 64, 'sha512'), salt: b64 }),
      credentialData: JSON.stringify({ hashIterations: 1_000, algorithm: 'pbkdf2-sha512', additionalParameters: {} }),
    },
  };
}

t.test('people of other systems sign in with the password they have, and it is hashed anew', async (t) => {
  const all = Object.entries(exports(goodPassword)).map(([system, passwordHash]) => ({
    email: `${system}@example.com`,
    passwordHash,
  }));
  const lines = all.map((line) => ({ ...line, emailVerified: true, name: 'Ada' }));
  t.match(await importLines(lines), {
    code: 0,
    out: `${lines.length} imported, 0 here already and left as they are, 0 lines refused.\n`,
  });
  for (const { email } of lines) {
    t.equal((await logIn(auth, email, otherPassword)).status, 401, email);
    t.equal((await logIn(auth, email, goodPassword)).status, 200, email);
    while (!(await hashOf(email)).startsWith('$argon2id$v=19$m=1024,t=1,p=1$'))
      await new Promise((resolve) => setImmediate(resolve));
    t.equal((await logIn(auth, email, goodPassword)).status, 200, `${email} again`);
  }
  t.match(await importLines(lines), { code: 0, out: `0 imported, ${lines.length} here already` });
});

t.test('who is here keeps what they have', async (t) => {
  const { email } = await register(auth);
  const passwordHash = hashSync(otherPassword, 4);
  t.match(await importLines([{ email, passwordHash, name: 'Mallory' }]), { out: '0 imported, 1 here already' });
  t.equal((await logIn(auth, email, otherPassword)).status, 401);
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
});

t.test('10: an address that was not verified there is confirmed here before the password signs in', async (t) => {
  const email = newAddress();
  await importLines([{ email, passwordHash: hashSync(goodPassword, 4) }]);
  t.equal(codeOf(await logIn(auth, email, goodPassword)), 'email-unverified');
});

t.test(
  'lines that cannot be read are named by number and reason, the others are imported, and no hash is printed',
  async (t) => {
    const email = newAddress();
    const secret = hashSync(goodPassword, 4);
    const { code, out, error } = await importLines([
      'not json',
      { email: 'no address', passwordHash: secret },
      { email: newAddress(), passwordHash: `$2b$31$${secret.slice(7)}` },
      { email: newAddress(), passwordHash: '$pbkdf2-sha256$i=999999999$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA' },
      { email: newAddress(), roles: ['admin'] },
      '',
      { email, passwordHash: secret },
      { email, passwordHash: secret },
      { email: newAddress() },
    ]);
    t.equal(code, 0);
    t.strictSame(out.split('\n').slice(0, 7), [
      '2 imported, 0 here already and left as they are, 6 lines refused.',
      'line 1: it is no JSON',
      'line 2: "email" is not valid',
      'line 3: the hash is of no kind that is understood, or would cost too much',
      'line 4: the hash is of no kind that is understood, or would cost too much',
      'line 5: it is no object with email, emailVerified, name and passwordHash alone',
      'line 8: the address was in the file before',
    ]);
    t.notOk((out + error).includes(secret.slice(10)));
  },
);

t.test('a file that is not there is one line', async (t) => {
  t.match(await people('import', '/nowhere/people.jsonl'), {
    code: 1,
    error: '/nowhere/people.jsonl could not be read: ENOENT.\n',
  });
});

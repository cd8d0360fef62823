import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { migrate } from '@alva/database';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { examinations, type Examined } from '../doctor/examinations.ts';
import { examinePackages } from '../doctor/packages.ts';
import { openEmbeddedPostgres, testCluster } from '../postgres/embedded-postgres.ts';
import { migrateStackDatabase } from '../stack/database.ts';
import { stackPorts } from '../environment/stack-ports.ts';
import { openLeftovers } from '../stack/leftovers.ts';

async function createDatabase(t: Test): Promise<string> {
  const { url, release } = await openEmbeddedPostgres(testCluster);
  t.teardown(release);
  const sql = postgres(url, { max: 1 });
  t.teardown(() => sql.end());
  const name = `doctor_${randomBytes(4).toString('hex')}`;
  await sql.unsafe(`create database ${name}`);
  t.teardown(() => sql.unsafe(`drop database ${name} with (force)`));
  return new URL(name, url).href;
}

const openDatabase = () => Promise.reject(new Error('not needed'));

const examine = async (name: string, url: string, variables: Examined['variables'] = {}) =>
  examinations[name]?.({ ports: stackPorts(), variables, openDatabase: async () => url });

void t.test('packages that only build and test may be missing, and are named', async (t) => {
  const manifest = JSON.stringify({ devDependencies: { eslint: '1.0.0', tap: '1.0.0' } });
  const folder = t.testdir({
    whole: { 'package.json': manifest, node_modules: { eslint: {}, tap: {} } },
    pruned: { 'package.json': manifest, node_modules: { eslint: {} } },
  });
  t.match(examinePackages(join(folder, 'whole')), { ok: true, found: 'all installed' });
  t.match(examinePackages(join(folder, 'pruned')), {
    ok: true,
    found: /^those that only build and test are not installed \(tap …\)/,
  });
});

void t.test('ports that npm start of this checkout holds are well, those of anybody else are not', async (t) => {
  const holder = createServer().listen(0);
  await once(holder, 'listening');
  t.teardown(() => holder.close());
  const { port } = holder.address() as AddressInfo;
  const look = () => examinations['Ports']?.({ ports: { ...stackPorts(), web: port }, variables: {}, openDatabase });
  t.match(await look(), {
    ok: false,
    found: new RegExp(`${port} \\(web\\) by`),
    fix: /^free them, or ALVA_PORT_PREFIX=/,
  });
  const running = openLeftovers(port);
  await running.claim();
  t.teardown(() => running.forget());
  t.match(await look(), { ok: true, found: `in use by npm start of this checkout (pid ${process.pid})` });
});

void t.test('database and queue are well once they are migrated, and not before', async (t) => {
  const url = await createDatabase(t);
  t.match(await examine('Database', url), { ok: false, fix: 'npm run db:migrate' });
  t.match(await examine('Queue', url), { ok: false, fix: 'see Database' });
  await migrate({ url });
  t.match(await examine('Queue', url), { ok: false, fix: 'npm run db:migrate' });
  await migrateStackDatabase(url);
  t.match(await examine('Database', url), { ok: true, found: /^embedded at 127\.0\.0\.1:\d+, PostgreSQL \d+/ });
  t.match(await examine('Queue', url), { ok: true, found: 'on the same Postgres' });
});

void t.test('without its database the queue is not blamed: what mends it stands under Database', async (t) => {
  const away = 'postgres://postgres@127.0.0.1:9/alva';
  t.match(await examine('Database', away, { DATABASE_URL: away }), { ok: false, found: /ECONNREFUSED/ });
  t.match(await examine('Queue', away, { DATABASE_URL: away }), { ok: false, fix: 'see Database' });
  const finding = await examinations['Queue']?.({ ports: stackPorts(), variables: {}, openDatabase });
  t.match(finding, { ok: false, fix: 'see Database' }, 'and no embedded one that can be opened');
});

void t.test('services that npm start of this checkout runs and that are not ready say what they lack', async (t) => {
  const answers: Record<string, [number, string]> = {};
  const listen = async (name: string) => {
    const service = createHttpServer((_request, response) => {
      const [status, body] = answers[name] ?? [200, '{}'];
      response.writeHead(status).end(body);
    }).listen(0);
    await once(service, 'listening');
    t.teardown(() => service.close());
    return (service.address() as AddressInfo).port;
  };
  const [web, auth, api, worker] = await Promise.all(['web', 'auth', 'api', 'worker'].map(listen));
  const ports = { ...stackPorts(), web: web ?? 0, auth: auth ?? 0, api: api ?? 0, worker: worker ?? 0 };
  const look = () => examinations['Services']?.({ ports, variables: {}, openDatabase });
  t.match(await look(), { ok: true, found: `none started by npm start on port ${ports.web}` });

  const running = openLeftovers(ports.web);
  await running.claim();
  t.teardown(() => running.forget());
  t.match(await look(), { ok: true, found: 'all ready' });
  answers['auth'] = [503, JSON.stringify({ detail: 'Not ready: database' })];
  answers['web'] = [500, 'no JSON'];
  t.match(await look(), { ok: false, found: 'auth: Not ready: database; web: answers 500', fix: /\.data.logs/ });
});

void t.test('in production the login of auth is enough, and with another the right one is named', async (t) => {
  const url = await createDatabase(t);
  await migrateStackDatabase(url);
  const sql = postgres(url, { max: 1 });
  t.teardown(() => sql.end());
  const loginFor = async (role: string) => {
    const name = `login_${randomBytes(4).toString('hex')}`;
    await sql.unsafe(`create role ${name} login password 'hunter2' in role ${role}`);
    t.teardown(() => sql.unsafe(`drop role ${name}`));
    return Object.assign(new URL(url), { username: name, password: 'hunter2' }).href;
  };
  const ofAuth = await loginFor('alva_auth');
  for (const name of ['Database', 'Queue', 'Clock']) t.match(await examine(name, ofAuth), { ok: true }, name);
  t.match(await examine('Database', await loginFor('alva_app')), {
    ok: false,
    found: /is no member of alva_auth/,
    fix: /^use the login of this service, or grant alva_auth to it/,
  });
});

void t.test('a Redis that does not answer is named with what mends it', async (t) => {
  const finding = await examine('Queue', '', { REDIS_URL: 'redis://127.0.0.1:9' });
  t.match(finding, {
    ok: false,
    found: /^Redis at 127\.0\.0\.1:9: /,
    fix: 'start Redis, correct REDIS_URL or unset it',
  });
});

void t.test('signing keys are well when KEY_ENCRYPTION_KEY opens them, and before there are any', async (t) => {
  const url = await createDatabase(t);
  const withKey = () => ({ ...process.env, KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') });
  t.match(await examine('Keys', url, withKey()), {
    ok: false,
    found: /^The database .*is not migrated/,
    fix: /db:migrate/,
  });
  await migrateStackDatabase(url);
  t.match(await examine('Keys', url, withKey()), { ok: true, found: /^none yet/ });
  t.match(await examine('Keys', url, { ...process.env, KEY_ENCRYPTION_KEY: '' }), {
    ok: false,
    found: 'KEY_ENCRYPTION_KEY is not set.',
    fix: /^if this installation has run before, .* the value it ran with/,
  });
  const sql = postgres(url, { max: 1 });
  await sql`insert into auth.signing_keys (kid, state, public_jwk, private_sealed, activated_at)
    values ('a', 'current', '{}', ${randomBytes(166)}, now())`;
  await sql.end();
  t.match(await examine('Keys', url, withKey()), {
    ok: false,
    found: 'KEY_ENCRYPTION_KEY does not open the signing keys in this database.',
    fix: /keys -- reseal.*keys -- replace/,
  });
});

void t.test('a key of the wrong length and a mail transport without its address are found', async (t) => {
  t.match(await examine('Keys', '', { KEY_ENCRYPTION_KEY: 'c2hvcnQ=' }), { ok: false, fix: /^the value that this/ });
  t.match(await examine('Mail', '', { MAIL_TRANSPORT: 'smtp' }), { ok: false, fix: 'set SMTP_URL in .env' });
});

void t.test('mail: ways out without an address of ours, and bounces nobody would hear of, are found', async (t) => {
  const resend = { RESEND_API_KEY_FILE: '/run/secrets/resend', MAIL_FROM: 'hello@example.com' };
  t.match(await examine('Mail', '', {}), { ok: false, found: 'no way out' });
  t.match(await examine('Mail', '', { MAIL_TRANSPORT: 'inbox' }), { ok: true });
  t.match(await examine('Mail', '', { SMTP_URL: 'smtp://x' }), { ok: false, fix: /^set MAIL_FROM/ });
  t.match(await examine('Mail', '', resend), { ok: false, fix: /^set RESEND_WEBHOOK_SECRET/ });
  const both = { ...resend, SMTP_URL: 'smtp://x', RESEND_WEBHOOK_SECRET: 'whsec_x' };
  t.match(await examine('Mail', '', both), { ok: true, found: 'resend, then smtp' });
  t.match(await examine('Mail', '', { ...resend, MAIL_TRANSPORT: 'resend, smtp' }), { fix: 'set SMTP_URL in .env' });
});

void t.test('proxies that must be there and are not declared are found, and so is trust in everybody', async (t) => {
  const [here, there] = [{ AUTH_URL: 'http://localhost:3002' }, { AUTH_URL: 'https://auth.example.com' }];
  t.match(await examine('Proxies', '', here), { ok: true, found: 'none in front' });
  t.match(await examine('Proxies', '', there), { ok: false, fix: /^TRUST_PROXY=1/ });
  t.match(await examine('Proxies', '', { ...there, TRUST_PROXY: '0' }), { ok: false });
  t.match(await examine('Proxies', '', { ...there, TRUST_PROXY: 'true' }), { ok: false, found: /believes anybody/ });
  for (const TRUST_PROXY of ['1', '10.0.0.0/8']) {
    t.match(await examine('Proxies', '', { ...there, TRUST_PROXY }), { ok: true });
  }
});

void t.test('pages that could not send the cookies of auth, or not call it at all, are found', async (t) => {
  const oneSite = [
    ['http://localhost:3000', 'http://localhost:3002'],
    ['https://app.example.com', 'https://auth.example.com'],
    ['https://example.com', 'https://auth.example.com'],
    ['http://192.0.2.1:3000', 'http://192.0.2.1:3002'],
  ];
  const twoSites = [
    ['http://localhost:3000', 'http://127.0.0.1:3002'],
    ['http://app.example.com', 'https://auth.example.com'],
    ['https://app.example.com', 'https://auth.example.org'],
    ['http://192.0.2.1:3000', 'http://198.51.2.1:3002'],
    ['http://web:3000', 'http://auth:3002'],
  ];
  for (const [WEB_URL, AUTH_URL] of oneSite) t.match(await examine('Cookies', '', { WEB_URL, AUTH_URL }), { ok: true });
  for (const [WEB_URL, AUTH_URL] of twoSites)
    t.match(await examine('Cookies', '', { WEB_URL, AUTH_URL }), { ok: false });

  const WEB_URL = 'https://app.example.com';
  t.match(await examine('CORS', '', { WEB_URL }), { ok: true });
  t.match(await examine('CORS', '', { WEB_URL, CORS_ORIGINS: 'https://x.example.com, https://app.example.com/' }), {
    ok: true,
  });
  t.match(await examine('CORS', '', { WEB_URL, CORS_ORIGINS: 'https://x.example.com' }), {
    ok: false,
    fix: 'CORS_ORIGINS=https://app.example.com,https://x.example.com',
  });
});

void t.test('the clock is compared with that of the database', async (t) => {
  const url = await createDatabase(t);
  await migrateStackDatabase(url);
  t.match(await examine('Clock', url), { ok: true, found: /^\d+\.\d s (behind|ahead of) the database$/ });
  const nowhere = new URL('/nowhere', url).href;
  t.match(await examine('Clock', nowhere), { ok: false, fix: 'see Database' }, 'without one doctor goes on');
  const now = Date.now();
  t.intercept(Date, 'now', { value: () => now + 20_000 });
  t.match(await examine('Clock', url), { ok: false, found: /^(19|20)\.\d s ahead/, fix: 'keep both clocks by NTP' });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastify } from 'fastify';
import t from 'tap';
import { z } from 'zod';
import {
  ConfigError,
  describeConfig,
  durationSeconds,
  httpOrigin,
  list,
  loadConfig,
  refuseInProduction,
  secretKey,
  secretKeyCommand,
  serviceVariables,
  trustProxy,
  variable,
  withDerivedAddresses,
} from '../src/index.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const schema = z
  .object({
    ...serviceVariables({ port: 3002, metricsPort: 3005 }),
    ACCESS_TOKEN_TTL: variable(durationSeconds().prefault('15m'), 'How long an access token lives'),
    KEY_ENCRYPTION_KEY: variable(secretKey().optional(), 'Seals signing keys', {
      secret: true,
      command: secretKeyCommand,
    }),
    MAIL_TRANSPORT: variable(z.enum(['resend', 'smtp', 'inbox']).prefault('inbox'), 'Who sends mail', {
      example: 'smtp',
    }),
  })
  .superRefine(
    refuseInProduction([
      { variable: 'KEY_ENCRYPTION_KEY', when: (c) => !c.KEY_ENCRYPTION_KEY, message: 'is required in production' },
      {
        variable: 'MAIL_TRANSPORT',
        when: (c) => c.MAIL_TRANSPORT === 'inbox',
        message: 'must not be inbox in production',
      },
    ]),
  )
  .transform(withDerivedAddresses);

const valid = { DATABASE_URL: 'postgres://alva:hunter2@localhost/alva' };
const load = (env: Record<string, string>) => loadConfig(schema, { env: { ...valid, ...env } });

/** What a person gets to see. */
function lineFor(env: Record<string, string>): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

void t.test('defaults suit a developer, and addresses follow from each other', async (t) => {
  t.match(load({}), {
    NODE_ENV: 'development',
    PORT: 3002,
    METRICS_PORT: 3005,
    LOG_LEVEL: 'info',
    TRUST_PROXY: false,
    ACCESS_TOKEN_TTL: 900,
    AUTH_URL: 'http://localhost:3002',
    AUTH_SERVICE_URL: 'http://localhost:3002',
    CORS_ORIGINS: ['http://localhost:3000'],
  });
  t.match(
    load({
      CORS_ORIGINS: 'https://a.test, https://b.test/',
      AUTH_SERVICE_URL: 'http://auth:3002',
      PORT: '',
      REDIS_URL: ' ',
    }),
    {
      CORS_ORIGINS: ['https://a.test', 'https://b.test'],
      AUTH_SERVICE_URL: 'http://auth:3002',
      PORT: 3002,
      REDIS_URL: undefined,
    },
  );
});

void t.test('a wrong value is one line that names the variable, what is wrong and what mends it', async (t) => {
  t.equal(
    lineFor({ PORT: 'abc' }),
    'PORT is "abc": must be a whole number from 0 to 65535. Fix: set it in .env or the environment, for example PORT=3002',
  );
  t.equal(
    lineFor({ DATABASE_URL: '' }),
    'DATABASE_URL is not set. Fix: set it in .env or the environment, for example DATABASE_URL=postgres://alva:password@localhost:5432/alva',
  );
  t.equal(
    lineFor({ NODE_ENV: 'production' }).split('\n')[0],
    'WEB_URL is not set. Fix: set it in the environment, for example WEB_URL=https://app.example.com',
    'only the commands of development read .env',
  );
  t.match(lineFor({ NODE_ENV: 'staging' }), 'NODE_ENV is "staging": must be development, test or production.');
  const hostile = lineFor({ PORT: `a\nb\u001b[31m${'c'.repeat(500)}` });
  t.notOk(
    ['\n', '\u001b', 'c'.repeat(100)].some((part) => hostile.includes(part)),
    hostile,
  );
});

void t.test('every wrong variable has a line of its own that says what is wrong with it', async (t) => {
  const wrong = {
    DATABASE_URL: '',
    KEY_ENCRYPTION_KEY_FILE: '/nowhere/key',
    NODE_ENV: 'production',
    LOG_LEVEL: 'loud',
    API_URL: 'https://api.example.com',
    AUTH_URL: 'https://auth.example.com',
  };
  t.match(lineFor(wrong).split('\n').toSorted(), [
    /^DATABASE_URL is not set\. Fix: .*localhost:5432\/alva$/,
    /^KEY_ENCRYPTION_KEY_FILE names \/nowhere\/key, which cannot be read \(ENOENT\)\. Fix: .*\.$/,
    /^LOG_LEVEL is "loud": must be one of trace, .*\. Fix: /,
    /^WEB_URL is not set\. Fix: /,
  ]);
});

void t.test('a secret is never printed', async (t) => {
  t.equal(
    lineFor({ KEY_ENCRYPTION_KEY: 'hunter2' }),
    `KEY_ENCRYPTION_KEY (value not shown) must be 32 bytes in base64 (44 characters). Fix: if this installation has run before, set it in .env or the environment to the value it ran with; only for a new one to what this prints: ${secretKeyCommand}`,
  );
  t.notMatch(lineFor({ DATABASE_URL: 'mysql://root:hunter2@db/alva' }), 'hunter2');
  t.notMatch(lineFor({ REDIS_URL: 'hunter2' }), 'hunter2');
});

void t.test('a secret may come from a file', async (t) => {
  const folder = t.testdir({ key: `${key}\n` });
  t.strictSame(load({ KEY_ENCRYPTION_KEY_FILE: join(folder, 'key') }).KEY_ENCRYPTION_KEY, new Uint8Array(32).fill(7));
  t.match(
    lineFor({ KEY_ENCRYPTION_KEY_FILE: join(folder, 'none') }),
    /^KEY_ENCRYPTION_KEY_FILE names .* cannot be read \(ENOENT\)\. Fix: /,
  );
  t.match(lineFor({ KEY_ENCRYPTION_KEY_FILE: join(folder, 'key'), KEY_ENCRYPTION_KEY: key }), 'are both set');
  writeFileSync(join(folder, 'port'), '4000');
  t.equal(load({ PORT_FILE: join(folder, 'port') }).PORT, 3002, 'only secrets do');
});

void t.test('production refuses what is only safe on one machine', async (t) => {
  const production = {
    NODE_ENV: 'production',
    MAIL_TRANSPORT: 'smtp',
    KEY_ENCRYPTION_KEY: key,
    WEB_URL: 'https://app.example.com',
    API_URL: 'https://api.example.com',
    AUTH_URL: 'https://auth.example.com',
  };
  t.equal(lineFor(production), 'accepted');
  t.match(
    lineFor({ ...production, API_URL: 'http://api.example.com' }),
    'API_URL is "http://api.example.com": must be https in production',
  );
  t.match(
    lineFor({ ...production, MAIL_TRANSPORT: 'inbox' }),
    'MAIL_TRANSPORT is "inbox": must not be inbox in production',
  );
  t.match(lineFor({ ...production, KEY_ENCRYPTION_KEY: '' }), 'KEY_ENCRYPTION_KEY is required in production');
  t.match(
    lineFor({ ...production, AUTH_URL: '' }),
    'AUTH_URL is not set. Fix: set it in',
    'a default of development is no public address',
  );
  t.equal(lineFor({ ...production, API_URL: 'http://localhost:3001' }), 'accepted', 'localhost aside');
  t.match(lineFor({ ...production, API_URL: 'http://localhost.example.com' }), 'must be https');
});

void t.test('durations are seconds', async (t) => {
  const parse = (text: string) => durationSeconds().safeParse(text).data;
  t.strictSame(
    ['900', '15m', '12h', '7d', '30d', '1w', '5s'].map(parse),
    [900, 900, 43_200, 604_800, 2_592_000, 604_800, 5],
  );
  for (const wrong of ['', '0', '-1', '1.5h', '15 minutes', '15M', '1e9', '99999999d', 'm'])
    t.equal(parse(wrong), undefined, wrong);
});

void t.test('an origin has no path, query, credentials or other scheme', async (t) => {
  const parse = (text: string) => httpOrigin().safeParse(text).data;
  t.equal(parse('https://Example.com/'), 'https://example.com');
  t.equal(parse('http://localhost:3001'), 'http://localhost:3001');
  for (const wrong of [
    'example.com',
    'https://example.com/app',
    'https://example.com?x',
    'https://example.com/#x',
    'https://a:b@example.com',
    'ftp://a.test',
    '*',
    'null',
  ]) {
    t.equal(parse(wrong), undefined, wrong);
  }
  t.strictSame(list(httpOrigin()).parse(' https://a.test ,, https://b.test'), ['https://a.test', 'https://b.test']);
});

void t.test('TRUST_PROXY is a hop count or networks, never "true"', async (t) => {
  const parse = (text: string) => trustProxy().safeParse(text).data;
  t.strictSame(['0', 'false', '2', '10.0.0.0/8, ::1', 'loopback'].map(parse), [
    false,
    false,
    2,
    ['10.0.0.0/8', '::1'],
    ['loopback'],
  ]);
  for (const wrong of [
    'true',
    'TRUE',
    '-1',
    '100',
    '10.0.0.0/33',
    '::1/129',
    'proxy.example.com',
    '0.0.0.0/0/0',
    '1,',
    'fe80::1%eth-0',
  ]) {
    t.equal(parse(wrong), undefined, wrong);
  }
});

void t.test(
  'TRUST_PROXY: networks that hold most of the internet are "true" by another name, and refused',
  async (t) => {
    const field = trustProxy();
    for (const wide of [
      '0.0.0.0/0',
      '::/0',
      '0.0.0.0/1,128.0.0.0/1',
      '10.0.0.0/8,128.0.0.0/7',
      '2000::/3',
      'fd00::/15',
      '::ffff:0:0/96',
      '::ffff:0:0/16',
      '::ffff:0.0.0.0/103',
    ]) {
      const { error } = field.safeParse(wide);
      t.equal(error?.issues.length, 1, wide);
      t.match(
        error?.issues[0]?.message,
        /^must be a number of proxies or a list .* at most \/8, IPv6 \/16\), never "true"$/,
      );
    }
    for (const narrow of ['10.0.0.0/8', 'fd12::/16', '::ffff:10.0.0.0/104', 'uniquelocal', '::1/128', 'fe80::1%eth0']) {
      const trust = field.parse(narrow);
      t.strictSame(trust, [narrow]);
      t.doesNotThrow(() => fastify({ trustProxy: trust as string[] }), narrow);
    }
  },
);

void t.test('every variable can be listed with its default, for .env.example and the README', async (t) => {
  const rows = new Map(describeConfig(schema).map((row) => [row.name, row]));
  t.match(rows.get('ACCESS_TOKEN_TTL'), {
    default: '15m',
    required: false,
    secret: false,
    description: 'How long an access token lives',
  });
  t.match(rows.get('DATABASE_URL'), { default: undefined, required: true, secret: true });
  t.match(rows.get('KEY_ENCRYPTION_KEY'), { default: undefined, required: false, secret: true });
  t.match(rows.get('AUTH_SERVICE_URL'), { default: 'same as AUTH_URL', defaultInWords: true, required: false });
  for (const name of [
    'NODE_ENV',
    'HOST',
    'PORT',
    'METRICS_PORT',
    'LOG_LEVEL',
    'REDIS_URL',
    'WEB_URL',
    'API_URL',
    'AUTH_URL',
    'CORS_ORIGINS',
    'TRUST_PROXY',
  ]) {
    t.ok(rows.get(name)?.description, name);
  }
  t.throws(() => describeConfig(z.object({ BARE: z.string() })), /BARE has no description/);
});

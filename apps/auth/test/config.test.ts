import { generateKeyPairSync, randomBytes } from 'node:crypto';
import t from 'tap';
import { readConfig } from '../src/config.ts';
import { openProviders } from '../src/oauth/open-providers.ts';

const least = {
  DATABASE_URL: 'postgres://localhost/alva',
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const production = {
  ...least,
  NODE_ENV: 'production',
  WEB_URL: 'https://app.example.com',
  API_URL: 'https://api.example.com',
  AUTH_URL: 'https://auth.example.com',
  SMTP_URL: 'smtp://mail.example.com',
  MAIL_FROM: 'Alva <hello@example.com>',
};

const newJwk = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

t.test('a database and a key are enough for development', async (t) => {
  t.match(readConfig(least), {
    ACCESS_TOKEN_TTL: 900,
    REFRESH_TOKEN_TTL: 7 * 86_400,
    SESSION_MAX_AGE: 30 * 86_400,
    MAGIC_LINK_TTL: 900,
    MAIL_TRANSPORT: ['inbox'],
    LINK_LIMIT_PER_RECIPIENT: { max: 5, windowSeconds: 600 },
    LINK_LIMIT_PER_ADDRESS: { max: 30, windowSeconds: 300 },
    CODE_TRIES_PER_ATTEMPT: 5,
    CODE_LIMIT_PER_RECIPIENT: { max: 20, windowSeconds: 3600 },
    REFRESH_FAILURE_LIMIT: { max: 150, windowSeconds: 300 },
    REQUEST_LIMIT: { max: 300, windowSeconds: 60 },
  });
  for (const [env, transports] of [
    [{ SMTP_URL: 'smtp://x' }, ['smtp']],
    [{ RESEND_API_KEY: 'x' }, ['resend']],
    [{ SMTP_URL: 'smtp://x', RESEND_API_KEY: 'x' }, ['resend', 'smtp']],
    [{ SMTP_URL: 'smtp://x', RESEND_API_KEY: 'x', MAIL_TRANSPORT: 'smtp, resend' }, ['smtp', 'resend']],
    [{ SMTP_URL: 'smtp://x', RESEND_API_KEY: 'x', MAIL_TRANSPORT: 'smtp' }, ['smtp']],
  ] as const)
    t.strictSame(readConfig({ ...least, ...env }).MAIL_TRANSPORT, transports);
  t.strictSame(readConfig({ ...least, SMTP_URL: 'smtp://a:b,c@x, smtps://y' }).SMTP_URL, [
    'smtp://a:b,c@x',
    'smtps://y',
  ]);
});

t.test('production refuses what is only safe on one machine', async (t) => {
  t.strictSame(readConfig(production).MAIL_TRANSPORT, ['smtp']);
  const refused: [Record<string, string | undefined>, RegExp][] = [
    [
      { KEY_ENCRYPTION_KEY: undefined },
      /^KEY_ENCRYPTION_KEY is not set\. Fix: .*has run before.*the value it ran with.*randomBytes/,
    ],
    [{ MAIL_TRANSPORT: 'inbox' }, /^MAIL_TRANSPORT .*must not be inbox in production/],
    [{ SMTP_URL: undefined }, /^MAIL_TRANSPORT must not be inbox in production/],
    [{ MAIL_FROM: undefined }, /^MAIL_FROM must be set in production/],
    [{ AUTH_URL: 'http://auth.example.com' }, /^AUTH_URL .*must be https in production/],
    [{ CORS_ORIGINS: 'https://app.example.com,http://app.example.com' }, /^CORS_ORIGINS .*must be https in production/],
    [
      { KEY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') },
      /^KEY_ENCRYPTION_KEY \(value not shown\) must be random/,
    ],
    [{ ACCESS_TOKEN_TTL: '15' }, /^ACCESS_TOKEN_TTL is "15": must be at least 1m in production; a number alone/],
    [{ REFRESH_TOKEN_TTL: '7' }, /^REFRESH_TOKEN_TTL is "7": must be at least 5m in production/],
    [{ SESSION_MAX_AGE: '30' }, /^SESSION_MAX_AGE is "30": must be at least 5m in production/],
    [{ WEB_URL: 'http://app.example.com' }, /^WEB_URL .*must be https in production/],
  ];
  for (const [change, message] of refused) {
    t.throws(() => readConfig({ ...production, ...change }), { name: 'ConfigError', message });
  }
  t.doesNotThrow(() => readConfig({ ...production, AUTH_URL: 'http://localhost:3002' }));
  t.doesNotThrow(() => readConfig({ ...production, CORS_ORIGINS: 'https://app.example.com,http://localhost:3000' }));
  t.doesNotThrow(() => readConfig({ ...least, REFRESH_TOKEN_TTL: '7' }), 'short lives are for trying things out');
});

t.test('the inbox is refused wherever others can reach it, also when NODE_ENV was forgotten', async (t) => {
  const open = { ...least, AUTH_URL: 'https://auth.example.com', WEB_URL: 'https://app.example.com' };
  const message = /^MAIL_TRANSPORT must not be inbox unless AUTH_URL is on localhost/;
  t.throws(() => readConfig(open), { name: 'ConfigError', message });
  t.throws(() => readConfig({ ...open, MAIL_TRANSPORT: 'inbox' }), { name: 'ConfigError' });
  t.doesNotThrow(() => readConfig({ ...open, SMTP_URL: 'smtp://mail.example.com' }));
});

t.test('what cannot work is refused in one line that names the variable and never its secret', async (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const refused: [Record<string, string>, RegExp][] = [
    [{ KEY_ENCRYPTION_KEY: 'c2hvcnQ=' }, /^KEY_ENCRYPTION_KEY .*must be 32 bytes/],
    [{ LINK_LIMIT_PER_RECIPIENT: '5' }, /^LINK_LIMIT_PER_RECIPIENT is "5": .*must be a number per time such as 5\/10m/],
    [{ ACCESS_TOKEN_TTL: 'soon' }, /^ACCESS_TOKEN_TTL/],
    [{ MAIL_TRANSPORT: 'pigeon' }, /^MAIL_TRANSPORT .*must be one of resend, smtp, inbox/],
    [{ MAIL_TRANSPORT: 'smtp' }, /^SMTP_URL must be set for MAIL_TRANSPORT=smtp/],
    [{ MAIL_TRANSPORT: 'resend' }, /^RESEND_API_KEY must be set/],
    [{ MAIL_TRANSPORT: 'inbox,smtp', SMTP_URL: 'smtp://x' }, /^MAIL_TRANSPORT .*must be inbox alone/],
    [{ SMTP_URL: 'smtp://x,http://y' }, /^SMTP_URL/],
    [{ RESEND_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, /^RESEND_WEBHOOK_SECRET .*must be whsec_ and 24 to 64 bytes/],
    [{ MAIL_FROM: 'nobody' }, /^MAIL_FROM/],
    [{ ALVA_INIT_ADMIN_EMAIL: 'nobody' }, /^ALVA_INIT_ADMIN_EMAIL/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY/],
    [{ JWT_PRIVATE_KEY: 'nonsense-secret' }, /^JWT_PRIVATE_KEY \(value not shown\) is not a key in PEM or JWK/],
    [
      { JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
      /^JWT_PRIVATE_KEY .*is not a P-256 key/,
    ],
    [
      { JWT_PRIVATE_KEY: JSON.stringify({ ...newJwk(), d: newJwk().d }) },
      /^JWT_PRIVATE_KEY .*has the public part of another key/,
    ],
  ];
  for (const [change, message] of refused) {
    t.throws(() => readConfig({ ...least, ...change }), { name: 'ConfigError', message });
  }
});

t.test('a public key is checked against its private one', async (t) => {
  const [own, other] = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ];
  const JWT_PRIVATE_KEY = own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const spell = (pair: typeof own) => pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  t.doesNotThrow(() => readConfig({ ...least, JWT_PRIVATE_KEY, JWT_PUBLIC_KEY: spell(own) }));
  t.throws(() => readConfig({ ...least, JWT_PRIVATE_KEY, JWT_PUBLIC_KEY: spell(other) }), {
    message: /^JWT_PUBLIC_KEY/,
  });
  t.throws(() => readConfig({ ...least, JWT_PUBLIC_KEY: spell(own) }), { message: /^JWT_PRIVATE_KEY/ });
});

t.test('half a provider stops the start with the name of what is missing', async (t) => {
  const p8 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const team = { APPLE_TEAM_ID: 'A1B2C3D4E5', APPLE_KEY_ID: 'F6G7H8I9J0', APPLE_PRIVATE_KEY: String(p8) };
  for (const [env, message] of [
    [{ GOOGLE_CLIENT_ID: 'x' }, /^GOOGLE_CLIENT_SECRET must be set where GOOGLE_CLIENT_ID is/],
    [{ GITHUB_CLIENT_SECRET: 'x' }, /^GITHUB_CLIENT_ID must be set where GITHUB_CLIENT_SECRET is/],
    [{ OIDC_ISSUER_URL: 'https://id.example.com' }, /^OIDC_CLIENT_ID must be set where OIDC_ISSUER_URL is/],
    [{ OIDC_ISSUER_URL: 'http://id.example.com' }, /^OIDC_ISSUER_URL is .* must be an https URL/],
    [{ OIDC_SCOPES: 'email' }, /^OIDC_SCOPES is .* must contain openid/],
    [{ APPLE_CLIENT_ID: 'x' }, /^APPLE_CLIENT_SECRET or APPLE_TEAM_ID, .* must be set where APPLE_CLIENT_ID is/],
    [{ APPLE_CLIENT_ID: 'x', APPLE_TEAM_ID: 'y' }, /^APPLE_KEY_ID must be set where APPLE_CLIENT_ID is/],
    [team, /^APPLE_CLIENT_ID must be set where APPLE_TEAM_ID is/],
    [{ ...team, APPLE_CLIENT_ID: 'x', APPLE_CLIENT_SECRET: 'y' }, /^APPLE_TEAM_ID .*must not be set where/],
    [{ ...team, APPLE_CLIENT_ID: 'x', APPLE_PRIVATE_KEY: 'zzz' }, /^APPLE_PRIVATE_KEY \(value not shown\)/],
  ] as const)
    t.throws(() => readConfig({ ...least, ...env }), { message }, JSON.stringify(Object.keys(env)));
  for (const env of [
    { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' },
    { ...team, APPLE_CLIENT_ID: 'x' },
    { APPLE_CLIENT_ID: 'x', APPLE_CLIENT_SECRET: 'y' },
  ])
    t.equal(openProviders(readConfig({ ...least, ...env })).size, 1);
});

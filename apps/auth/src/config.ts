import { availableParallelism } from 'node:os';
import {
  durationSeconds,
  isLoopback,
  countPerWindow,
  loadConfig,
  refuseInProduction,
  secretKey,
  secretKeyCommand,
  serviceVariables,
  variable,
  wholeNumber,
  withDerivedAddresses,
} from '@alva/service-kit';
import { emailAddress } from '@alva/validation';
import { z } from 'zod';
import { judgeMail, mailVariables, transportsOf } from './mail/mail-variables.ts';
import { providerVariables, refuseHalfProviders } from './oauth/provider-variables.ts';
import { parsed } from './parsed.ts';
import { publicPartOf, readPrivateKey, readPublicKey } from './tokens/key-pair.ts';

const service = serviceVariables({ port: 3002, metricsPort: 3005 });

/** What the ring of signing keys depends on. */
const keyVariables = {
  KEY_ENCRYPTION_KEY: variable(
    secretKey(),
    'Seals signing keys, authenticator secrets, queued mail and copies of data; lose it and all of them are lost',
    {
      secret: true,
      command: secretKeyCommand,
    },
  ),
  KEY_ROTATION_INTERVAL: variable(
    durationSeconds({ min: 3600 }).prefault('30d'),
    'How long a key signs before the next one takes over by itself',
  ),
  ACCESS_TOKEN_TTL: variable(durationSeconds({ max: 86_400 }).prefault('15m'), 'How long an access token is good for'),
};

/** For `npm run keys`, which should not need to know how mail is sent. */
export const keysConfigSchema = z.object({
  DATABASE_URL: service.DATABASE_URL,
  ...keyVariables,
  OLD_KEY_ENCRYPTION_KEY: variable(secretKey().optional(), 'The KEY_ENCRYPTION_KEY before this one, for reseal', {
    secret: true,
  }),
});

/** For `npm run clients`. */
const clientsConfigSchema = z.object({ DATABASE_URL: service.DATABASE_URL });

/** For `npm run people`. */
const peopleConfigSchema = z.object({
  DATABASE_URL: service.DATABASE_URL,
  REDIS_URL: service.REDIS_URL,
  KEY_ENCRYPTION_KEY: variable(secretKey().optional(), 'Seals the mail to people who are told what was done', {
    secret: true,
    command: secretKeyCommand,
  }),
});

const atLeast = (duration: string) => `must be at least ${duration} in production; a number alone counts seconds`;

export const configSchema = z
  .object({
    ...service,
    ...keyVariables,
    JWT_PRIVATE_KEY: variable(
      parsed(readPrivateKey).optional(),
      'An existing P-256 key (PEM or JWK) to begin the key ring with',
      {
        secret: true,
        defaultText: 'a key is made at first start',
      },
    ),
    JWT_PUBLIC_KEY: variable(parsed(readPublicKey).optional(), 'Its public part; only checked against it', {
      defaultText: 'follows from JWT_PRIVATE_KEY',
    }),
    REFRESH_TOKEN_TTL: variable(durationSeconds().prefault('7d'), 'How long a session lasts that nobody uses'),
    SESSION_MAX_AGE: variable(
      durationSeconds().prefault('30d'),
      'How long a session lasts at most, however much it is used',
    ),
    MAGIC_LINK_TTL: variable(
      durationSeconds({ min: 60, max: 86_400 }).prefault('15m'),
      'How long a sign-in link is good for',
    ),
    ...mailVariables,
    ALVA_INIT_ADMIN_EMAIL: variable(
      emailAddress.optional(),
      'Whoever signs in with this address becomes admin, each time while it is set',
      {
        example: 'admin@example.com',
      },
    ),
    ...providerVariables,
    PROVIDER_LIMIT_PER_ADDRESS: variable(
      countPerWindow('60/5m'),
      'Times one network address can set out to a provider to sign in or connect it',
    ),
    LINK_LIMIT_PER_RECIPIENT: variable(countPerWindow('5/10m'), 'Sign-in mails one address can be sent'),
    LINK_LIMIT_PER_ADDRESS: variable(countPerWindow('30/5m'), 'Sign-in mails one network address can ask for'),
    CODE_TRIES_PER_ATTEMPT: variable(wholeNumber({ min: 1 }).prefault('5'), 'Wrong codes before only the link is left'),
    CODE_LIMIT_PER_RECIPIENT: variable(
      countPerWindow('20/1h'),
      'Wrong codes that can be tried for one address, over all its mails, and as many wrong numbers',
    ),
    NUMBER_TRIES_PER_ATTEMPT: variable(
      wholeNumber({ min: 1, max: 10 }).prefault('3'),
      'Wrong numbers before a link opened elsewhere can no longer let in the browser that asked for it',
    ),
    ARGON2_MEMORY_MIB: variable(
      wholeNumber({ min: 1, max: 1_024 }).prefault('19'),
      'Memory that hashing one password takes, in MiB; with the passes, the cost of guessing',
    ),
    ARGON2_PASSES: variable(wholeNumber({ min: 1, max: 64 }).prefault('2'), 'Passes over that memory'),
    ARGON2_LANES: variable(wholeNumber({ min: 1, max: 16 }).prefault('1'), 'Threads that hash one password'),
    PASSWORD_HASHES_AT_ONCE: variable(
      wholeNumber({ min: 1, max: 64 }).prefault(String(defaultHashesAtOnce())),
      'Passwords hashed at a time; the others wait, and after two seconds hear 503',
      { defaultText: 'processors less one, and fewer than UV_THREADPOOL_SIZE (4)' },
    ),
    PASSWORD_LIMIT_PER_ACCOUNT: variable(
      countPerWindow('10/15m'),
      'Wrong passwords that can be tried for one address; mailed links work all the same',
    ),
    LOGIN_FAILURE_LIMIT: variable(countPerWindow('50/5m'), 'Wrong passwords one network address can try'),
    SECOND_FACTOR_TRIES_PER_CHALLENGE: variable(
      wholeNumber({ min: 1 }).prefault('5'),
      'Wrong second factors before one has to sign in from the start',
    ),
    SECOND_FACTOR_LIMIT_PER_ACCOUNT: variable(
      countPerWindow('10/15m'),
      'Wrong codes of an authenticator app that can be tried to sign in to one account, or in one session',
    ),
    SECOND_FACTOR_LONG_LIMIT: variable(
      countPerWindow('50/1d'),
      'The same for a longer time; when it is used up, the owner is told by mail',
    ),
    PASSKEY_DOMAIN: variable(
      z
        .string()
        .regex(/^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/, {
          error: 'must be a domain in lower case, such as example.com',
        })
        .optional(),
      'What passkeys are bound to: the host of WEB_URL or a domain above it; who changes it makes all passkeys useless',
      { defaultText: 'the host of WEB_URL', example: 'example.com' },
    ),
    EMAIL_CHANGE_LIMIT: variable(countPerWindow('5/1h'), 'Changes of address one account can ask for'),
    EXPORT_LIMIT: variable(countPerWindow('5/1d'), 'Copies of their data one person can ask for'),
    ACCOUNT_DELETION_GRACE: variable(
      durationSeconds({ min: 60 }).prefault('14d'),
      'How long somebody who deleted their account can change their mind',
    ),
    REVOCATION_STREAMS: variable(
      wholeNumber({ min: 1, max: 2_000 }).prefault('64'),
      'Event streams of ended sessions that one network address may hold open, one for each verifying process',
    ),
    CLIENT_FAILURE_LIMIT: variable(
      countPerWindow('30/5m'),
      'Requests one network address can make as a service without valid credentials',
    ),
    REFRESH_FAILURE_LIMIT: variable(countPerWindow('150/5m'), 'Failed renewals one network address can make'),
  })
  .superRefine(
    refuseInProduction([
      {
        variable: 'MAIL_TRANSPORT',
        when: (config) => transportsOf(config).includes('inbox'),
        message: 'must not be inbox in production',
      },
      {
        variable: 'MAIL_FROM',
        when: ({ MAIL_FROM }) => MAIL_FROM.includes('@localhost'),
        message: 'must be set in production',
      },
      {
        variable: 'KEY_ENCRYPTION_KEY',
        when: ({ KEY_ENCRYPTION_KEY: bytes }) => new Set(bytes).size < 8,
        message: 'must be random bytes in production',
      },
      // "7" was meant as days by whoever wrote it, and would sign everybody out after as many seconds.
      { variable: 'ACCESS_TOKEN_TTL', when: (config) => config.ACCESS_TOKEN_TTL < 60, message: atLeast('1m') },
      { variable: 'REFRESH_TOKEN_TTL', when: (config) => config.REFRESH_TOKEN_TTL < 300, message: atLeast('5m') },
      { variable: 'SESSION_MAX_AGE', when: (config) => config.SESSION_MAX_AGE < 300, message: atLeast('5m') },
    ]),
  )
  .superRefine((config, context) => {
    const refuse = (name: keyof typeof config, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    for (const [name, message] of judgeMail(config)) refuse(name, message);
    // Whatever NODE_ENV says or forgets to say: whoever reaches the inbox can sign in as anybody.
    if (transportsOf(config).includes('inbox') && !isLoopback(config.AUTH_URL))
      refuse('MAIL_TRANSPORT', 'must not be inbox unless AUTH_URL is on localhost');
    // Tests hash thousands of passwords; nobody else has a reason to.
    if (config.NODE_ENV !== 'test' && config.ARGON2_MEMORY_MIB < 19) refuse('ARGON2_MEMORY_MIB', 'must be at least 19');
    if (config.NODE_ENV !== 'test' && config.ARGON2_PASSES < 2) refuse('ARGON2_PASSES', 'must be at least 2');
    const { PASSKEY_DOMAIN: domain } = config;
    const host = new URL(config.WEB_URL).hostname;
    if (domain !== undefined && host !== domain && !host.endsWith(`.${domain}`))
      refuse('PASSKEY_DOMAIN', 'must be the host of WEB_URL or a domain above it');
    const { JWT_PRIVATE_KEY: own, JWT_PUBLIC_KEY: given } = config;
    if (given && !own) refuse('JWT_PRIVATE_KEY', 'must be set where JWT_PUBLIC_KEY is');
    if (given && own && !publicPartOf(own).equals(given))
      refuse('JWT_PUBLIC_KEY', 'is not the public part of JWT_PRIVATE_KEY');
  })
  .superRefine(refuseHalfProviders)
  .transform((config) => ({
    ...withDerivedAddresses(config),
    MAIL_TRANSPORT: transportsOf(config),
    PASSKEY_DOMAIN: config.PASSKEY_DOMAIN ?? new URL(config.WEB_URL).hostname,
  }));

export type KeysConfig = z.output<typeof keysConfigSchema>;

export function readKeysConfig(): KeysConfig {
  return loadConfig(keysConfigSchema);
}

export type ClientsConfig = z.output<typeof clientsConfigSchema>;

export function readClientsConfig(): ClientsConfig {
  return loadConfig(clientsConfigSchema);
}

export type PeopleConfig = z.output<typeof peopleConfigSchema>;

export function readPeopleConfig(): PeopleConfig {
  return loadConfig(peopleConfigSchema);
}

export type Config = z.output<typeof configSchema>;

export function readConfig(env?: Record<string, string | undefined>): Config {
  return loadConfig(configSchema, env ? { env } : {});
}

/**
 * One processor stays free for requests, and one thread of libuv's pool for files and names: argon2 takes one of its threads
 * for as long as it hashes.
 */
function defaultHashesAtOnce(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.max(1, Math.min(availableParallelism(), Number.isInteger(threads) ? threads : 4) - 1);
}

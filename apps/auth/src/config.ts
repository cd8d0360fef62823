import {
  connectionUrl,
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
import { publicPartOf, readPrivateKey, readPublicKey } from './tokens/key-pair.ts';

const mailTransports = ['resend', 'smtp', 'inbox'] as const;

const service = serviceVariables({ port: 3002, metricsPort: 3005 });

/** What the ring of signing keys depends on. */
const keyVariables = {
  KEY_ENCRYPTION_KEY: variable(secretKey(), 'Seals signing keys and queued mail; lose it and both are lost', {
    secret: true,
    command: secretKeyCommand,
  }),
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
const peopleConfigSchema = z.object({ DATABASE_URL: service.DATABASE_URL, REDIS_URL: service.REDIS_URL });

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
    MAIL_TRANSPORT: variable(
      z.enum(mailTransports, { error: `must be one of ${mailTransports.join(', ')}` }).optional(),
      'How mail leaves: resend, smtp, or inbox, which keeps it at /dev/inbox',
      { defaultText: 'by which of RESEND_API_KEY and SMTP_URL is set, else inbox', example: 'smtp' },
    ),
    MAIL_FROM: variable(senderAddress().prefault('Alva <alva@localhost>'), 'Sender of all mail', {
      example: 'Alva <hello@example.com>',
    }),
    RESEND_API_KEY: variable(z.string().optional(), 'Key for resend.com', { secret: true, example: 're_123' }),
    SMTP_URL: variable(connectionUrl('smtp', 'smtps').optional(), 'Mail server', {
      secret: true,
      example: 'smtp://user:password@mail.example.com:587',
    }),
    ALVA_INIT_ADMIN_EMAIL: variable(
      emailAddress.optional(),
      'Whoever signs in with this address becomes admin, each time while it is set',
      {
        example: 'admin@example.com',
      },
    ),
    LINK_LIMIT_PER_RECIPIENT: variable(countPerWindow('5/10m'), 'Sign-in mails one address can be sent'),
    LINK_LIMIT_PER_ADDRESS: variable(countPerWindow('30/5m'), 'Sign-in mails one network address can ask for'),
    CODE_TRIES_PER_ATTEMPT: variable(wholeNumber({ min: 1 }).prefault('5'), 'Wrong codes before only the link is left'),
    CODE_LIMIT_PER_RECIPIENT: variable(
      countPerWindow('20/1h'),
      'Wrong codes that can be tried for one address, over all its mails',
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
        when: (config) => transportOf(config) === 'inbox',
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
    const transport = transportOf(config);
    if (transport === 'resend' && !config.RESEND_API_KEY)
      refuse('RESEND_API_KEY', 'must be set for MAIL_TRANSPORT=resend');
    // Whatever NODE_ENV says or forgets to say: whoever reaches the inbox can sign in as anybody.
    if (transport === 'inbox' && !isLoopback(config.AUTH_URL))
      refuse('MAIL_TRANSPORT', 'must not be inbox unless AUTH_URL is on localhost');
    if (transport === 'smtp' && !config.SMTP_URL) refuse('SMTP_URL', 'must be set for MAIL_TRANSPORT=smtp');
    const { JWT_PRIVATE_KEY: own, JWT_PUBLIC_KEY: given } = config;
    if (given && !own) refuse('JWT_PRIVATE_KEY', 'must be set where JWT_PUBLIC_KEY is');
    if (given && own && !publicPartOf(own).equals(given))
      refuse('JWT_PUBLIC_KEY', 'is not the public part of JWT_PRIVATE_KEY');
  })
  .transform((config) => ({ ...withDerivedAddresses(config), MAIL_TRANSPORT: transportOf(config) }));

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

interface MailVariables {
  MAIL_TRANSPORT?: (typeof mailTransports)[number] | undefined;
  RESEND_API_KEY?: string | undefined;
  SMTP_URL?: string | undefined;
}

function transportOf({ MAIL_TRANSPORT, RESEND_API_KEY, SMTP_URL }: MailVariables): (typeof mailTransports)[number] {
  return MAIL_TRANSPORT ?? (RESEND_API_KEY ? 'resend' : SMTP_URL ? 'smtp' : 'inbox');
}

function parsed<Value>(read: (text: string) => Value) {
  return z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not valid' });
      return z.NEVER;
    }
  });
}

/** `name@example.com` or `Name <name@example.com>`, one line. */
function senderAddress() {
  return z.string().regex(/^(?:[^<>"\r\n]* <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, {
    error: 'must be an address such as Alva <hello@example.com>',
  });
}

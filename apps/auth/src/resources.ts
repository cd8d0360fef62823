import { openDatabase, refuseOtherSchema, type Database } from '@alva/database';
import { openQueues, type Queues } from '@alva/queue';
import { openCounters, refuseEmbeddedDatabase, type Counters, type Disposer } from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { type ClientsConfig, type Config, type KeysConfig, type PeopleConfig } from './config.ts';
import { startPruner, type Pruner } from './housekeeping/pruner.ts';
import { openCountries, type CountryOf } from './http/countries.ts';
import { createMailProcessor } from './mail/mail-worker.ts';
import { type MailTransport } from './mail/mail.ts';
import { createMailer, type Mailer } from './mail/mailer.ts';
import { createMailSeal } from './mail/sealed-mail.ts';
import { createInboxTransport } from './mail/transports/inbox.ts';
import { createResendTransport } from './mail/transports/resend.ts';
import { createSmtpTransport } from './mail/transports/smtp.ts';
import { type AuthMetrics } from './metrics.ts';
import { createStores, type Stores } from './stores.ts';
import { toKeyPair } from './tokens/key-pair.ts';
import { openKeyRing, type KeyRing } from './tokens/key-ring.ts';
import { createKeyRotation, type KeyRotation } from './tokens/key-rotation.service.ts';
import { createKeySeal } from './tokens/key-seal.ts';
import { keyTiming } from './tokens/key-timing.ts';

export interface Resources {
  readonly database: Pick<Database, 'check'>;
  readonly stores: Stores;
  readonly keyRing: KeyRing;
  readonly keyRotation: KeyRotation;
  readonly counters: Counters;
  readonly countryOf: CountryOf;
  readonly queues: Queues;
  readonly pruner: Pruner;
  readonly mailer: Mailer;
}

export interface OpenOptions {
  readonly config: Config;
  readonly metrics: AuthMetrics;
  readonly log: FastifyBaseLogger;
  readonly disposer: Disposer;
}

/** Everything with a connection or a timer, opened in this order and closed in the reverse. */
export async function openResources({ config, metrics, log, disposer }: OpenOptions): Promise<Resources> {
  const database = openDatabase({ url: config.DATABASE_URL, role: 'alva_auth', name: 'alva-auth' });
  disposer.add('database', () => database.close());
  await refuseEmbeddedDatabase(config, database.run);
  await refuseOtherSchema(database.run);
  const stores = createStores(database);

  const imported = config.JWT_PRIVATE_KEY && (await toKeyPair(config.JWT_PRIVATE_KEY));
  const keySeal = createKeySeal(config.KEY_ENCRYPTION_KEY);
  const keyRotation = createKeyRotation({ stores, seal: keySeal, timing: timingOf(config) });
  const keyRing = await openKeyRing({ rotation: keyRotation, seal: keySeal, imported, log, metrics });
  disposer.add('key ring', () => keyRing.close());

  const counters = openCounters({ redisUrl: config.REDIS_URL, log, disposer });
  const transport = createTransport(config, stores);
  disposer.add('mail transport', () => transport.close());
  const queues = await openQueues({
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    role: 'alva_auth',
    logger: log,
  });
  disposer.add('queues', () => queues.close());

  const seal = createMailSeal(config.KEY_ENCRYPTION_KEY);
  queues.worker('mail', createMailProcessor({ transport, seal, log, metrics }));

  const pruner = startPruner({
    store: stores.pruning,
    log,
    onPruned: (what, count) => metrics.countPruned(what, count),
    onFailed: (what) => metrics.countPruningFailure(what),
  });
  disposer.add('pruner', () => pruner.stop());

  return {
    database,
    stores,
    keyRing,
    keyRotation,
    counters,
    countryOf: await openCountries(),
    queues,
    pruner,
    mailer: createMailer({ queue: queues.queue('mail'), seal }),
  };
}

/**
 * A copy that cannot sign lets nobody in, and others may be able to. Without the queue no mail can be asked for, but all who
 * are signed in, or have a link, go on.
 */
export function readinessChecks({ database, queues, keyRing }: Pick<Resources, 'database' | 'queues' | 'keyRing'>) {
  return {
    required: { database: () => database.check(), keys: async () => void keyRing.current() },
    tolerated: { queue: () => queues.check() },
  };
}

/** What `npm run keys` needs. */
export function openKeyResources(config: KeysConfig) {
  const database = openDatabase({
    url: config.DATABASE_URL,
    role: 'alva_auth',
    name: 'alva-keys',
    maximumConnections: 1,
  });
  const seal = createKeySeal(config.KEY_ENCRYPTION_KEY);
  return {
    rotation: createKeyRotation({ stores: createStores(database), seal, timing: timingOf(config) }),
    seal,
    oldSeal: config.OLD_KEY_ENCRYPTION_KEY && createKeySeal(config.OLD_KEY_ENCRYPTION_KEY),
    close: () => database.close(),
  };
}

/** What `npm run clients` needs. */
export function openClientResources({ DATABASE_URL: url }: ClientsConfig) {
  const database = openDatabase({ url, role: 'alva_auth', name: 'alva-clients', maximumConnections: 1 });
  return { store: createStores(database).clients, close: () => database.close() };
}

/** What `npm run people` needs. */
export async function openPeopleResources(
  { DATABASE_URL: url, REDIS_URL: redisUrl }: PeopleConfig,
  disposer: Disposer,
) {
  // Ending the sessions of everybody may take longer than a request may.
  const database = openDatabase({
    url,
    role: 'alva_auth',
    name: 'alva-people',
    maximumConnections: 2,
    patienceMs: 60_000,
  });
  disposer.add('database', () => database.close());
  await refuseOtherSchema(database.run);
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const queues = await openQueues({ databaseUrl: url, redisUrl, role: 'alva_auth', logger: silent });
  disposer.add('queues', () => queues.close());
  return { stores: createStores(database), topics: queues.topics };
}

function timingOf({ KEY_ROTATION_INTERVAL, ACCESS_TOKEN_TTL }: KeysConfig | Config) {
  return keyTiming({ interval: KEY_ROTATION_INTERVAL, tokenLifetime: ACCESS_TOKEN_TTL });
}

function createTransport(
  { MAIL_TRANSPORT, MAIL_FROM: from, RESEND_API_KEY, SMTP_URL }: Config,
  stores: Stores,
): MailTransport {
  if (MAIL_TRANSPORT === 'resend' && RESEND_API_KEY) return createResendTransport({ apiKey: RESEND_API_KEY, from });
  if (MAIL_TRANSPORT === 'smtp' && SMTP_URL) return createSmtpTransport({ url: SMTP_URL, from });
  return createInboxTransport(stores.inbox);
}

import { openDatabase, refuseOtherSchema, type Database } from '@alva/database';
import { openQueues, type Queues } from '@alva/queue';
import { openCounters, refuseEmbeddedDatabase, type Counters, type Disposer } from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { startDeletionRunner, type DeletionRunner } from './accounts/deletion-runner.ts';
import { createExportProcessor } from './accounts/exports.service.ts';
import { type Config } from './config.ts';
import { startPruner, type Pruner } from './housekeeping/pruner.ts';
import { openCountries, type CountryOf } from './http/countries.ts';
import { createMailProcessor } from './mail/mail-worker.ts';
import { createMailer, type Mailer } from './mail/mailer.ts';
import { createNotifier, type Notify } from './mail/notifier.ts';
import { createRecipientHash, type HashRecipient } from './mail/recipient.ts';
import { createMailSeal } from './mail/sealed-mail.ts';
import { openMailTransport } from './mail/transports/open-transport.ts';
import { type AuthMetrics } from './metrics.ts';
import { openBcrypt } from './passwords/bcrypt.ts';
import { createHashQueue } from './passwords/hash-queue.ts';
import { createHasher, type Hasher } from './passwords/hasher.ts';
import { openProviders } from './oauth/open-providers.ts';
import { type Providers } from './oauth/provider.ts';
import { deriveKey } from './secrets/seal.ts';
import { createAnnouncer, type AnnounceEnds } from './sessions/announcer.ts';
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
  readonly notify: Notify;
  readonly hasher: Hasher;
  readonly hashRecipient: HashRecipient;
  readonly providers: Providers;
  readonly announceEnds: AnnounceEnds;
  readonly deletionRunner: DeletionRunner;
  /** Seals copies of people's data that wait to be downloaded. */
  readonly exportKey: Uint8Array;
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
  const keyRotation = createKeyRotation({
    stores,
    seal: keySeal,
    timing: keyTiming({ interval: config.KEY_ROTATION_INTERVAL, tokenLifetime: config.ACCESS_TOKEN_TTL }),
  });
  const keyRing = await openKeyRing({ rotation: keyRotation, seal: keySeal, imported, log, metrics });
  disposer.add('key ring', () => keyRing.close());

  const counters = openCounters({ redisUrl: config.REDIS_URL, log, disposer });
  const transport = openMailTransport(config, stores.inbox, { log, metrics });
  disposer.add('mail transport', () => transport.close());
  const queues = await openQueues({
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    role: 'alva_auth',
    logger: log,
  });
  disposer.add('queues', () => queues.close());

  const seal = createMailSeal(config.KEY_ENCRYPTION_KEY);
  const hashRecipient = createRecipientHash(config.KEY_ENCRYPTION_KEY);
  const processMail = createMailProcessor({ transport, seal, store: stores.mails, log, metrics });
  // They mostly wait for the other side.
  queues.worker('mail', processMail, { concurrency: 8 });

  metrics.watchQueuedMail(() => stores.mails.findOldestQueued());

  const mailer = createMailer({ queue: queues.queue('mail'), seal, store: stores.mails, hashRecipient });
  const notify = createNotifier({ mailer, log });

  const exportKey = deriveKey(config.KEY_ENCRYPTION_KEY, 'alva data exports');
  const { WEB_URL: webUrl } = config;
  queues.worker(
    'exports',
    createExportProcessor({ store: stores.exports, mailer, metrics, log, key: exportKey, webUrl }),
  );

  const announceEnds = createAnnouncer({ topics: queues.topics, metrics, log });
  const deletionRunner = startDeletionRunner({
    store: stores.deletions,
    announceEnds,
    notify,
    queues,
    metrics,
    log,
    tokenLifetime: config.ACCESS_TOKEN_TTL,
  });
  disposer.add('deletions', () => deletionRunner.stop());

  const pruner = startPruner({
    store: stores.pruning,
    log,
    onPruned: (what, count) => metrics.countPruned(what, count),
    onFailed: (what) => metrics.countPruningFailure(what),
  });
  disposer.add('pruner', () => pruner.stop());

  const bcrypt = openBcrypt();
  disposer.add('bcrypt', () => bcrypt.close());
  const queue = createHashQueue({
    atOnce: config.PASSWORD_HASHES_AT_ONCE,
    onRefused: () => metrics.countRefusedHash(),
  });

  return {
    database,
    stores,
    keyRing,
    keyRotation,
    counters,
    countryOf: await openCountries(),
    queues,
    pruner,
    hasher: createHasher({ cost: costOf(config), queue, bcrypt }),
    hashRecipient,
    providers: openProviders(config),
    mailer,
    notify,
    announceEnds,
    deletionRunner,
    exportKey,
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

function costOf({ ARGON2_MEMORY_MIB, ARGON2_PASSES, ARGON2_LANES }: Config) {
  return { memory: ARGON2_MEMORY_MIB * 1024, passes: ARGON2_PASSES, lanes: ARGON2_LANES };
}

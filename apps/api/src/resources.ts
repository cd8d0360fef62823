import { openDatabase, refuseOtherSchema, type Database } from '@alva/database';
import { openQueues, type Queues } from '@alva/queue';
import { openCounters, refuseEmbeddedDatabase, type Counters, type Disposer, type Metrics } from '@alva/service-kit';
import { topics as topicNames } from '@alva/shared-types';
import { createTokenVerifier, type TokenVerifier } from '@alva/token-verifier';
import { accessTokenAudience, sessionRevokedMessage } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiConfig } from './config.ts';
import { countFailedFetches } from './verifier-metrics.ts';

/** What the api and the worker both keep open. */
export interface Resources {
  readonly database: Database;
  readonly queues: Queues;
}

export interface ApiResources extends Resources {
  readonly verifier: TokenVerifier;
  readonly counters: Counters;
}

interface Opening<Config> {
  readonly name: string;
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly disposer: Disposer;
}

type StoreConfig = Pick<ApiConfig, 'NODE_ENV' | 'DATABASE_URL' | 'REDIS_URL'>;

/** Opened in this order, closed in reverse: what runs is put back before the database it needs is gone. */
export async function openResources({ name, config, log, disposer }: Opening<StoreConfig>): Promise<Resources> {
  const database = openDatabase({ url: config.DATABASE_URL, role: 'alva_app', name });
  disposer.add('database', () => database.close());
  await refuseEmbeddedDatabase(config, database.run);
  await refuseOtherSchema(database.run);
  const queues = await openQueues({
    databaseUrl: config.DATABASE_URL,
    role: 'alva_app',
    redisUrl: config.REDIS_URL,
    logger: log,
  });
  disposer.add('queues', () => queues.close());
  return { database, queues };
}

interface ApiOpening extends Opening<ApiConfig> {
  readonly metrics: Metrics;
}

export async function openApiResources({ metrics, ...opening }: ApiOpening): Promise<ApiResources> {
  const { config, log, disposer } = opening;
  const resources = await openResources(opening);
  const countFailedFetch = countFailedFetches(metrics);
  const verifier = createTokenVerifier({
    issuer: config.AUTH_URL,
    audience: accessTokenAudience,
    jwksUri: `${config.AUTH_SERVICE_URL}/.well-known/jwks.json`,
    revocationsUri: `${config.AUTH_SERVICE_URL}/auth/revocations`,
    // The topics tell of every session as it ends.
    followRevocations: false,
    onFetchFailed(error, what) {
      countFailedFetch(what);
      if (verifier.isReady()) log.warn({ err: error }, `${names[what]} could not be fetched anew`);
      else log.info({ err: error }, `waiting for ${names[what]}`);
    },
  });
  disposer.add('token verifier', () => verifier.close());
  const unsubscribe = resources.queues.topics.subscribe(
    topicNames.sessionRevoked('*'),
    (message) => verifier.revokeSession(sessionRevokedMessage.parse(message).sid),
    () => verifier.reconcile(),
  );
  disposer.add('revocations', unsubscribe);
  return { ...resources, verifier, counters: openCounters({ redisUrl: config.REDIS_URL, log, disposer }) };
}

const names = { keys: 'the signing keys of auth', revocations: 'the sessions that ended' };

/**
 * Without a first set of keys every request would fail, and without a first list of revocations ended sessions would be
 * let in. Once there, both outlive an outage of auth. Without the queue plans are accepted and written later.
 */
export function readinessChecks({ database, queues, verifier }: ApiResources) {
  return {
    required: {
      database: () => database.check(),
      keys: async () => {
        if (!verifier.hasKeys()) throw new Error('The signing keys of auth were not fetched yet');
      },
      revocations: async () => {
        if (verifier.state().revocationsAge === undefined) throw new Error('Which sessions ended is not known yet');
      },
    },
    tolerated: { queue: () => queues.check() },
  };
}

import { openDatabase, refuseOtherSchema } from '@alva/database';
import { openQueues } from '@alva/queue';
import { type Disposer } from '@alva/service-kit';
import { type ClientsConfig, type KeysConfig, type PeopleConfig } from './config.ts';
import { createMailer } from './mail/mailer.ts';
import { createRecipientHash } from './mail/recipient.ts';
import { createMailSeal } from './mail/sealed-mail.ts';
import { resealTotp } from './mfa/reseal-totp.ts';
import { createTotpSeal } from './mfa/totp-seal.ts';
import { createStores } from './stores.ts';
import { createKeyRotation } from './tokens/key-rotation.service.ts';
import { createKeySeal, isOpenedBy } from './tokens/key-seal.ts';
import { keyTiming } from './tokens/key-timing.ts';

/** What `npm run keys` needs. */
export function openKeyResources(config: KeysConfig) {
  const database = openDatabase({
    url: config.DATABASE_URL,
    role: 'alva_auth',
    name: 'alva-keys',
    maximumConnections: 1,
  });
  const stores = createStores(database);
  const { KEY_ENCRYPTION_KEY: key, OLD_KEY_ENCRYPTION_KEY: oldKey } = config;
  const seal = createKeySeal(key);
  return {
    rotation: createKeyRotation({
      stores,
      seal,
      timing: keyTiming({ interval: config.KEY_ROTATION_INTERVAL, tokenLifetime: config.ACCESS_TOKEN_TTL }),
    }),
    seal,
    oldSeal: oldKey && createKeySeal(oldKey),
    resealTotp:
      oldKey &&
      (() => resealTotp({ store: stores.secondFactors, seal: createTotpSeal(key), oldSeal: createTotpSeal(oldKey) })),
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
  { DATABASE_URL: url, REDIS_URL: redisUrl, KEY_ENCRYPTION_KEY: key }: PeopleConfig,
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
  const stores = createStores(database);
  if (!key) return { stores, topics: queues.topics, mailing: 'no-key' as const };
  // Sealed under another key than auth's, a mail would be queued and never sent.
  if (!isOpenedBy(createKeySeal(key), await stores.signingKeys.read()))
    return { stores, topics: queues.topics, mailing: 'other-key' as const };
  const mailer = createMailer({
    queue: queues.queue('mail'),
    seal: createMailSeal(key),
    store: stores.mails,
    hashRecipient: createRecipientHash(key),
  });
  return { stores, topics: queues.topics, mailing: mailer };
}

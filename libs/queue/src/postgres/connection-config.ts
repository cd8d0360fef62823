import { readStoreUrl } from '../store-url.ts';

/** These group roles may use the queue: auth enqueues mail, api and worker handle jobs. */
export const queueRoles = ['alva_auth', 'alva_app'] as const;
export type QueueRole = (typeof queueRoles)[number];

export const queueSchema = 'queue';

/** Options every run-time connection shares: it acts as the role, however mighty the login of the URL is. */
export function connectionConfig(databaseUrl: string, role: QueueRole) {
  const url = readStoreUrl(databaseUrl, ['postgres:', 'postgresql:']);
  const roleOption = `-c role=${role}`;
  const given = url.searchParams.get('options');
  // Options in the URL would replace those passed beside it, and the role would be lost without a word.
  if (given !== null) url.searchParams.delete('options');
  return {
    connectionString: url.href,
    options: given === null ? roleOption : `${given} ${roleOption}`,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 2_000,
  };
}

export type ConnectionConfig = ReturnType<typeof connectionConfig>;

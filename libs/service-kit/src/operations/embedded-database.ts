import { ConfigError } from '../config/config-error.ts';

type RunStatement = <Row extends object>(text: string) => Promise<Row[]>;

/**
 * Throws a ConfigError in production when the database is the embedded one of development: it runs with a password that lies
 * beside the checkout, and nobody makes backups of it.
 */
export async function refuseEmbeddedDatabase({ NODE_ENV }: { NODE_ENV: string }, run: RunStatement): Promise<void> {
  if (NODE_ENV !== 'production') return;
  const [setting] = await run<{ name: string }>(`select current_setting('cluster_name') as name`);
  if (setting?.name !== 'alva-embedded') return;
  throw new ConfigError(
    'DATABASE_URL is the embedded database of development, which must not be used in production. Fix: set DATABASE_URL to a Postgres of your own.',
  );
}

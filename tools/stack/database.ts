import { Hint } from '../hint.ts';
import type { StackEnvironment } from '../environment/stack-environment.ts';
import { developmentCluster, openEmbeddedPostgres } from '../postgres/embedded-postgres.ts';

export interface StackDatabase {
  url: string;
  release(): Promise<void>;
}

/** The database named by DATABASE_URL, else this checkout's embedded one. */
export async function openStackDatabase({ variables, ports }: StackEnvironment): Promise<StackDatabase> {
  const url = variables['DATABASE_URL'];
  if (!url) return openEmbeddedPostgres(developmentCluster(ports.postgres));
  // Not shown: what does not parse may still hold a password.
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '')) throw refuse('is no postgres:// URL');
  return { url, release: async () => undefined };
}

export async function migrateStackDatabase(url: string): Promise<void> {
  const [{ migrate }, { migrateQueue }] = await Promise.all([import('@alva/database'), import('@alva/queue')]);
  try {
    await migrate({ url });
    await migrateQueue({ url });
  } catch (error) {
    throw explain(error, url);
  }
}

/** SQLSTATE classes and system errors that come from where the URL points, not from our migrations. */
function explain(error: unknown, url: string): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  const cannotConnect = typeof code === 'string' && /^(E[A-Z]+|CONNECT|28|3D|08|57P)/.test(code);
  if (!cannotConnect) return error;
  const { host, pathname } = new URL(url);
  return refuse(`(${host}${pathname}) cannot be used: ${message || code}`);
}

function refuse(problem: string): Hint {
  return new Hint(`DATABASE_URL ${problem}. Correct it, or unset it to use the embedded Postgres.`);
}

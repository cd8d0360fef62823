import { Hint } from '../hint.ts';
import type { StackEnvironment } from '../environment/stack-environment.ts';
import { developmentCluster, openEmbeddedPostgres } from '../postgres/embedded-postgres.ts';

export interface StackDatabase {
  url: string;
  release(): Promise<void>;
  /** Of the embedded one, see `EmbeddedPostgres`; one that somebody else runs is theirs to look after. */
  keepAlive(show: (line: string) => void): Promise<void>;
}

/** The database named by DATABASE_URL, else this checkout's embedded one. */
export async function openStackDatabase({ variables, ports }: StackEnvironment): Promise<StackDatabase> {
  const url = variables['DATABASE_URL'];
  if (!url) return openEmbeddedPostgres(developmentCluster(ports.postgres));
  // Not shown: what does not parse may still hold a password.
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '')) throw refuse('is no postgres:// URL');
  return { url, release: async () => undefined, keepAlive: async () => undefined };
}

/** For commands that operators run as well: done to the embedded database, their work would look done and not be. */
export async function openIntendedDatabase(environment: StackEnvironment): Promise<StackDatabase> {
  if (environment.forProduction && !environment.variables['DATABASE_URL']) {
    throw new Hint(
      'NODE_ENV is production, but DATABASE_URL is not set. Set it, or DATABASE_URL_FILE, to the URL of the owner.',
    );
  }
  return openStackDatabase(environment);
}

/** Host and database, for people to read: the URL without what is secret in it. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
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
  const { code, message, name } = error as { code?: unknown; message: string; name: string };
  if (name === 'OtherSchema') return new Hint(`${placeOf(url)}: ${message}`);
  if (typeof code !== 'string') return error;
  if (code === insufficientPrivilege) {
    return new Hint(
      `The login of DATABASE_URL (${placeOf(url)}) may not migrate: ${message}. ` +
        'It must own the database and be a member of alva_auth and alva_app, or have CREATEROLE where these do not exist yet.',
    );
  }
  if (!/^(E[A-Z]+|CONNECT|28|3D|08|57P)/.test(code)) return error;
  return refuse(`(${placeOf(url)}) cannot be used: ${message || code}`);
}

const insufficientPrivilege = '42501';

function refuse(problem: string): Hint {
  return new Hint(`DATABASE_URL ${problem}. Correct it, or unset it to use the embedded Postgres.`);
}

import { statfsSync } from 'node:fs';
import { explainDatabaseFailure, openDatabase, refuseOtherSchema } from '@alva/database';
import { openQueues } from '@alva/queue';
import type { StackEnvironment } from '../environment/stack-environment.ts';
import { workspaceRoot } from '../paths.ts';
import { isPortFree } from '../ports.ts';
import { findPortHolder } from '../processes/port-holder.ts';
import { findLauncher } from '../stack/leftovers.ts';
import { examineCookies, examineCors, examineProxies } from './addresses.ts';
import { examineClock } from './clock.ts';
import { examineMail } from './mail.ts';
import { examinePackages } from './packages.ts';
import { examineServices } from './services.ts';
import { examineKeys } from './signing-keys.ts';

export interface Finding {
  ok: boolean;
  /** What was found. */
  found: string;
  /** What to type or change, where it is not well. */
  fix?: string;
}

export interface Examined extends Pick<StackEnvironment, 'ports' | 'variables'> {
  /** Its URL. Opened when first asked for: the embedded one takes a port, which should have been looked at before. */
  openDatabase: () => Promise<string>;
}

export type Examination = (examined: Examined) => Finding | Promise<Finding>;

const gibibyte = 1024 ** 3;
const migrateIt = 'npm run db:migrate';
const inUnusableDatabase: Finding = {
  ok: false,
  found: 'in a database that cannot be used',
  fix: 'see Database',
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const examinations: Record<string, Examination> = {
  Node() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const ok = major > 22 || (major === 22 && minor >= 18);
    return { ok, found: `${process.versions.node} (${process.execPath})`, fix: 'npm ci, or install Node 24' };
  },

  Packages: () => examinePackages(),

  async Ports({ ports }) {
    const launcher = findLauncher(ports.web);
    if (launcher !== undefined) return { ok: true, found: `in use by npm start of this checkout (pid ${launcher})` };
    const taken: string[] = [];
    for (const [name, port] of Object.entries(ports)) {
      if (!(await isPortFree(port))) taken.push(`${port} (${name}) by ${findPortHolder(port) ?? 'someone'}`);
    }
    if (taken.length === 0) return { ok: true, found: `${ports.web} to ${ports.apiMetrics} are free` };
    const elsewhere = Math.floor(ports.web / 10) + 10;
    return {
      ok: false,
      found: taken.join(', '),
      fix: `free them, or ALVA_PORT_PREFIX=${elsewhere} npm start`,
    };
  },

  // Before the database, which looking at may mend.
  Services: examineServices,

  async Database({ openDatabase: open, variables }) {
    const given = variables['DATABASE_URL'];
    const fix = given ? 'correct DATABASE_URL, then npm run db:migrate' : migrateIt;
    let place = given ? hostOf(given) : 'embedded';
    try {
      const url = await open();
      if (!given) place += ` at ${hostOf(url)}`;
      const version = await readVersion(url);
      return { ok: true, found: `${place}, PostgreSQL ${version}` };
    } catch (error) {
      const [found = '', otherFix] = (explainDatabaseFailure(error) ?? (error as Error).message).split(' Fix: ');
      return { ok: false, found: `${place}: ${found}`, fix: otherFix ?? fix };
    }
  },

  async Queue({ openDatabase: open, variables }) {
    const redisUrl = variables['REDIS_URL'];
    const place = redisUrl ? `Redis at ${hostOf(redisUrl)}` : 'on the same Postgres';
    const reason = (error: unknown) => `${place}: ${(error as Error).message}`;
    // With Redis the queue does not touch Postgres.
    const databaseUrl = redisUrl ? '' : await open().catch(() => undefined);
    if (databaseUrl === undefined) return inUnusableDatabase;
    try {
      await checkQueue({ databaseUrl, redisUrl });
      return { ok: true, found: place };
    } catch (error) {
      if (redisUrl) return { ok: false, found: reason(error), fix: 'start Redis, correct REDIS_URL or unset it' };
      // What keeps the database itself from being used is told there.
      const isUsable = await readVersion(databaseUrl).catch(() => undefined);
      return isUsable ? { ok: false, found: reason(error), fix: migrateIt } : inUnusableDatabase;
    }
  },

  Keys: examineKeys,

  Clock: examineClock,
  Proxies: examineProxies,
  Cookies: examineCookies,
  CORS: examineCors,

  Mail: examineMail,

  Disk() {
    const { bavail, bsize } = statfsSync(workspaceRoot);
    const free = (bavail * bsize) / gibibyte;
    return { ok: free > 1, found: `${free.toFixed(1)} GiB free`, fix: 'free at least 1 GiB' };
  },
};

/** What is no URL is not shown: it may still hold a password. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'what is no URL';
}

/** Asked as a service would: in its role and from a table the migrations made. */
async function readVersion(url: string): Promise<string> {
  const database = openDatabase({ url, role: 'alva_auth', name: 'alva doctor', maximumConnections: 1 });
  try {
    await refuseOtherSchema(database.run);
    await database.run('select from auth.users limit 1');
    const [row] = await database.run<{ version: string }>("select current_setting('server_version') as version");
    return row?.version ?? '';
  } finally {
    await database.close();
  }
}

/** In the role of the other examinations, so that the login of auth is enough for all of them. */
async function checkQueue(location: { databaseUrl: string; redisUrl: string | undefined }): Promise<void> {
  const queues = await openQueues({ ...location, role: 'alva_auth', logger: silent });
  try {
    await queues.check();
  } finally {
    await queues.close();
  }
}

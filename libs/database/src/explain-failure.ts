import { OtherSchema } from './schema-version.ts';

/**
 * What keeps the database of DATABASE_URL from being used, in one line with what mends it and without a password. For
 * start-ups and commands; undefined when it is nothing that whoever runs them could mend.
 */
export function explainDatabaseFailure(error: unknown, depth = 0): string | undefined {
  // Drizzle and AggregateErrors wrap the cause once or twice; the bound is for circular chains.
  if (!(error instanceof Error) || depth > 5) return undefined;
  if (error instanceof OtherSchema) return error.message;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  const code = codeOf(error);
  const found = explanations.find(([pattern]) => pattern.test(code));
  return found ? found[1](error.message || messageOf(inner) || code) : explainDatabaseFailure(inner, depth + 1);
}

const notMigrated = (reason: string) =>
  `The database of DATABASE_URL is not migrated to this version: ${reason}. Fix: npm run db:migrate`;

/** By SQLSTATE, or by the codes of sockets and name resolution. */
const explanations: readonly [RegExp, (reason: string) => string][] = [
  [/^42501$/, explainRights],
  // No table, schema, column or role.
  [/^(42P01|3F000|42703|22023|42704)$/, notMigrated],
  [
    /^3D000$/,
    (reason) => `DATABASE_URL: ${reason}. Fix: correct it, or create that database and run: npm run db:migrate`,
  ],
  [/^28/, (reason) => `DATABASE_URL is refused: ${reason}. Fix: correct its user and password.`],
  [/^53/, (reason) => `DATABASE_URL cannot be used: ${reason}. Fix: give Postgres more of it, or run fewer copies.`],
  [/^(ENOTFOUND|EAI_AGAIN)$/, (reason) => `DATABASE_URL names no known host: ${reason}. Fix: correct its host.`],
  [
    /^(E(CONN\w+|TIMEDOUT|PIPE|(HOST|NET)(UNREACH|DOWN)|ADDRNOTAVAIL)|CONNECT\w*|08\w{3}|57P\w{2})$/,
    (reason) => `DATABASE_URL cannot be reached: ${reason}. Fix: start Postgres there, or correct DATABASE_URL.`,
  ],
];

function explainRights(reason: string): string {
  const role = /set role "([^"]+)"/.exec(reason)?.[1];
  return role
    ? `The login of DATABASE_URL is no member of ${role}: ${reason}. Fix: use the login of this service, or grant ${role} to it.`
    : `The login of DATABASE_URL lacks rights: ${reason}. Fix: npm run db:migrate, with the owner's DATABASE_URL.`;
}

/** A Unix socket that cannot be opened has the code of any such file; there it is the connection that is refused. */
function codeOf(error: Error): string {
  if (!('code' in error) || typeof error.code !== 'string') return '';
  const isSocketFile = 'syscall' in error && error.syscall === 'connect' && /^(ENOENT|EACCES|EPERM)$/.test(error.code);
  return isSocketFile ? 'ECONNREFUSED' : error.code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

import { readMigrationFiles } from './drizzle.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { type RunStatement } from './statement.ts';

/** The tables of a database are not those that this version works with; the message says what mends it. */
export class OtherSchema extends Error {
  override readonly name = 'OtherSchema';
}

type Standing = 'present' | 'behind' | 'ahead' | 'foreign';

/**
 * For services, before they do anything else: throws OtherSchema when a statement of theirs could meet tables it was not
 * made for. A database that is ahead is fine: it is migrated first, and then copies of the version before may still restart.
 */
export async function refuseOtherSchema(run: RunStatement): Promise<void> {
  const standing = await compareSchema(run);
  if (standing === 'behind')
    throw new OtherSchema('The database is not migrated to this version. Fix: npm run db:migrate');
  if (standing === 'foreign') throw foreignSchema();
}

/** For the migrations: throws OtherSchema when they can do nothing for this database. */
export async function refuseToMigrate(run: RunStatement): Promise<void> {
  const standing = await compareSchema(run);
  if (standing === 'foreign') throw foreignSchema();
  if (standing === 'ahead')
    throw new OtherSchema('The database was migrated by a newer version than this one. Fix: run that version.');
}

function foreignSchema(): OtherSchema {
  return new OtherSchema(
    'The database was made by a version that cannot be migrated to this one: none made before 0.1.0 can. ' +
      'Fix: use an empty database; the embedded one is made anew when .data/postgres is deleted while nothing runs.',
  );
}

/** The moments that the migrator keeps tell them apart, whatever the line ends of the files are. */
async function compareSchema(run: RunStatement): Promise<Standing> {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  const [row] = await run<{ recorded: boolean; made: boolean }>(`
    select to_regclass('drizzle.__drizzle_migrations') is not null as recorded,
      exists (select from pg_namespace where nspname = 'auth') as made`);
  if (!row?.recorded) return row?.made ? 'foreign' : 'behind';
  const applied = await run<{ moment: number }>(
    'select created_at::float8 as moment from drizzle.__drizzle_migrations order by created_at',
  );
  const length = Math.min(known.length, applied.length);
  if (applied.slice(0, length).some(({ moment }, index) => moment !== known[index])) return 'foreign';
  return applied.length === known.length ? 'present' : applied.length < known.length ? 'behind' : 'ahead';
}

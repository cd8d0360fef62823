import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import { verdict, type Outcome } from './check.ts';
import { runTool } from '../processes/run-tool.ts';

const database = join(workspaceRoot, 'libs/database');
const drizzleKit = 'drizzle-kit/bin.cjs';

/** The tables in the code and the migrations in the folder say the same. Tried on a copy, so that looking changes nothing. */
export async function checkMigrations(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'alva-migrations-'));
  try {
    cpSync(join(database, 'migrations'), folder, { recursive: true });
    const known = new Set(migrationsIn(folder));
    // drizzle-kit takes even an absolute folder for one below its own.
    const options = ['--dialect=postgresql', `--out=${relative(database, folder)}`];
    const consistent = await runTool(drizzleKit, ['check', ...options], { cwd: database });
    if (!consistent.ok) return verdict(false, consistent.output);
    const generated = await runTool(drizzleKit, ['generate', '--schema=src/schema/index.ts', ...options], {
      cwd: database,
    });
    const missing = migrationsIn(folder).filter((name) => !known.has(name));
    const statements = missing.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    if (!generated.ok) return verdict(false, generated.output);
    return verdict(
      missing.length === 0,
      `The schema has changes without a migration. Run: npm run db:generate -- --name what-changed\n${statements}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function migrationsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.sql'));
}

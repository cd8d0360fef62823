import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import { verdict, type Outcome } from './check.ts';
import { reportOf, runNx } from '../nx/run-nx.ts';

/** Versioned files and folders that `npm run generate` writes. */
const generated = ['.env.example', 'README.md', 'libs/api-client/openapi', 'libs/api-client/src/generated'];

/** Generates anew and compares; what differs is left there, ready to be committed. */
export async function checkGeneratedFiles(): Promise<Outcome> {
  const before = readAll();
  const run = await runNx(['run-many', '-t', 'generate']);
  if (!run.ok) return verdict(false, reportOf(run));
  const after = readAll();
  const files = new Set([...before.keys(), ...after.keys()]);
  const changed = [...files].filter((file) => before.get(file) !== after.get(file));
  return verdict(
    changed.length === 0,
    `Generated files were out of date; they are new now, commit them: ${changed.join(', ')}`,
  );
}

function readAll(): Map<string, string> {
  const files = generated.flatMap((path) => filesBelow(path));
  return new Map(files.map((file) => [file, readFileSync(join(workspaceRoot, file), 'utf8')]));
}

function filesBelow(path: string): string[] {
  const absolute = join(workspaceRoot, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute).flatMap((name) => filesBelow(join(path, name)));
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import type { Finding } from './examinations.ts';

/** What services need is here, or this would not run; what only builds and tests may have been pruned on purpose. */
export function examinePackages(folder = workspaceRoot): Finding {
  const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const missing = Object.keys(devDependencies).filter((name) => !existsSync(join(folder, 'node_modules', name)));
  if (missing.length === 0) return { ok: true, found: 'all installed' };
  return {
    ok: true,
    found: `those that only build and test are not installed (${missing[0] ?? ''} …); npm start brings them`,
  };
}

import { join } from 'node:path';

export const workspaceRoot = join(import.meta.dirname, '..');
/** Everything a run leaves behind in a checkout; never versioned, safe to delete while nothing runs. */
export const dataFolder = join(workspaceRoot, '.data');
export const executables = join(workspaceRoot, 'node_modules', '.bin');

/** `npm run <name>` of what only auth knows how to do. */
export type AuthCommand = 'keys' | 'people' | 'clients';

/** Started, not imported: tools know the apps' files, never their code. */
export function authEntry(command: AuthCommand): string {
  return join(workspaceRoot, `apps/auth/src/${command}-main.ts`);
}

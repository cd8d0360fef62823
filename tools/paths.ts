import { join } from 'node:path';

export const workspaceRoot = join(import.meta.dirname, '..');
/** Everything a run leaves behind in a checkout; never versioned, safe to delete while nothing runs. */
export const dataFolder = join(workspaceRoot, '.data');
export const executables = join(workspaceRoot, 'node_modules', '.bin');
/** The command of auth behind `npm run keys`. Started, not imported: tools know the apps' files, never their code. */
export const keysEntry = join(workspaceRoot, 'apps/auth/src/keys-main.ts');
/** Likewise behind `npm run people`. */
export const peopleEntry = join(workspaceRoot, 'apps/auth/src/people-main.ts');

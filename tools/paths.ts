import { join } from 'node:path';

export const workspaceRoot = join(import.meta.dirname, '..');
/** Everything a run leaves behind in a checkout; never versioned, safe to delete while nothing runs. */
export const dataFolder = join(workspaceRoot, '.data');
export const executables = join(workspaceRoot, 'node_modules', '.bin');

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../paths.ts';
import { readEnvFile, type Variables } from './env-file.ts';
import type { StackEnvironment } from './stack-environment.ts';

const keysFile = join(dataFolder, 'keys.env');

/** For what runs the services on this machine: secrets that were not given are those of this checkout. */
export function withDevelopmentKeys(environment: StackEnvironment): StackEnvironment {
  const { variables } = environment;
  if (variables['KEY_ENCRYPTION_KEY'] ?? variables['KEY_ENCRYPTION_KEY_FILE']) return environment;
  return { ...environment, variables: { ...ensureDevelopmentKeys(), ...variables } };
}

/**
 * For commands that judge and change what was sealed. Under a key that nobody gave, a database that somebody named would
 * look as if its own were lost, and be sealed anew; only that of this checkout is surely sealed under the keys of it.
 */
export function withKeysOfDatabase(environment: StackEnvironment): StackEnvironment {
  const isOfCheckout = !environment.forProduction && !environment.variables['DATABASE_URL'];
  return isOfCheckout ? withDevelopmentKeys(environment) : environment;
}

/** Secrets of this checkout, made once: a new encryption key would make everything sealed in the database unreadable. */
function ensureDevelopmentKeys(): Variables {
  const known = readEnvFile(keysFile);
  if (known['KEY_ENCRYPTION_KEY']) return known;
  mkdirSync(dirname(keysFile), { recursive: true });
  const draft = `${keysFile}.${process.pid}`;
  const key = randomBytes(32).toString('base64');
  writeFileSync(draft, `# Made by npm start for this checkout only.\nKEY_ENCRYPTION_KEY=${key}\n`, { mode: 0o600 });
  try {
    // Linking refuses an existing name, so of two launchers starting together one makes the keys and both read the same.
    linkSync(draft, keysFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readEnvFile(keysFile);
}

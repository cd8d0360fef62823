import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../paths.ts';
import { readEnvFile, type Variables } from './env-file.ts';

const keysFile = join(dataFolder, 'keys.env');

/** Secrets of this checkout, made once: a new encryption key would make everything sealed in the database unreadable. */
export function ensureDevelopmentKeys(): Variables {
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

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { authEntry } from '../paths.ts';
import type { Examination } from './examinations.ts';

/** Whether KEY_ENCRYPTION_KEY opens the signing keys, as auth itself would find. */
export const examineKeys: Examination = async ({ openDatabase, variables }) => {
  const key = variables['KEY_ENCRYPTION_KEY'];
  if (key && Buffer.from(key, 'base64').length !== 32) {
    const fix = 'the value that this installation runs with, to the last character; see docs/operations/keys.md';
    return { ok: false, found: 'KEY_ENCRYPTION_KEY is not 32 bytes in base64', fix };
  }
  const url = await openDatabase().catch(() => undefined);
  if (url === undefined) return { ok: false, found: 'in a database that cannot be used', fix: 'see Database' };
  try {
    const env = { ...variables, DATABASE_URL: url };
    const { stdout } = await promisify(execFile)(process.execPath, [authEntry('keys'), 'check'], { env });
    return { ok: true, found: stdout.trim() };
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const [found = '', fix = 'see docs/operations/keys.md'] = (stderr.trim() || message).split(' Fix: ');
    return { ok: false, found, fix };
  }
};

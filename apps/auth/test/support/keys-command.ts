import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type TestDatabase } from '@alva/testing';
import { keyEncryptionKey } from './auth.ts';

export interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

const tool = fileURLToPath(new URL('../../../../tools/keys.ts', import.meta.url));

/** `npm run keys -- …` as an operator runs it, on this database. */
export async function runKeys(
  database: TestDatabase,
  args: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Printed> {
  const child = spawn(process.execPath, [tool, ...args], {
    env: { ...process.env, DATABASE_URL: database.url, KEY_ENCRYPTION_KEY: keyEncryptionKey, ...env },
  });
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, error] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, out, error };
}

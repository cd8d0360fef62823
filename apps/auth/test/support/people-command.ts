import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { keyEncryptionKey, type Auth } from './auth.ts';

const tool = fileURLToPath(new URL('../../../../tools/people.ts', import.meta.url));

/** `npm run people -- …` as an operator runs it. */
export async function runPeople({ database, config }: Auth, args: string[], more: Record<string, string> = {}) {
  const ours = { DATABASE_URL: database.url, REDIS_URL: config.REDIS_URL ?? '', KEY_ENCRYPTION_KEY: keyEncryptionKey };
  const child = spawn(process.execPath, [tool, ...args], { env: { ...process.env, ...ours, ...more } });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, error] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, out, error };
}

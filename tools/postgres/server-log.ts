import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const mostBytes = 8 * 1024 ** 2;

export interface ServerLog {
  /** For the server to write to. */
  output: number;
  /** What was written since it was opened. */
  read(): string;
  close(): void;
}

export function logOf(home: string): string {
  return join(home, 'postgres.log');
}

/** Goes on where the server before ended: its last words are those somebody will look for. What is long is set aside, once. */
export function openServerLog(home: string): ServerLog {
  const file = logOf(home);
  if (sizeOf(file) > mostBytes) renameSync(file, `${file}.old`);
  const begun = sizeOf(file);
  const output = openSync(file, 'a', 0o600);
  return {
    output,
    read: () => readFileSync(file).subarray(begun).toString(),
    close: () => closeSync(output),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

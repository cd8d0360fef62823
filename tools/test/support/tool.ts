import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { signalGroup } from '../../processes/managed-process.ts';

export interface Tool {
  child: ChildProcess;
  /** Standard output and error, line by line as they came. */
  lines: string[];
  /** Resolves with the first line that matches, rejects when the tool ends without one. */
  line(pattern: RegExp): Promise<string>;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs a TypeScript or JavaScript file on this Node; what is left of it ends with the test. */
export function runScript(t: Test, file: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Tool {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  t.teardown(async () => {
    signalGroup(child.pid, 'SIGKILL');
    await exited;
  });
  return {
    child,
    lines,
    exited,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
        void exited.then(() => reject(new Error(`no line ${String(pattern)} in: ${lines.join('\n')}`)));
      }),
  };
}

export const toolsFolder = join(import.meta.dirname, '../..');

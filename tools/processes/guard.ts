import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import { processBeginning } from './liveness.ts';

export interface Guard {
  /** For whoever has cleaned up by itself. */
  dismiss(): void;
}

/** What `tools/clean-up.ts` knows how to do. */
export type CleanUp = ['processes', port: string] | ['postgres', home: string];

// Waits for a word on a pipe, or for its end: the other end only we hold, and the kernel closes it however we end.
// In the background of a shell that ends at once it is nobody's child: Nx, which ends all descendants of what it ran, spares it.
const watch = '{ read -r word <&3 || exec "$@"; } &';

/**
 * Cleans up after us when we are killed outright and cannot do so ourselves. Until then the guard is an idle shell.
 * Windows has none; there the next start cleans up.
 */
export function postGuard(...what: CleanUp): Guard {
  if (process.platform === 'win32') return { dismiss: () => undefined };
  const cleanUp = [process.execPath, join(workspaceRoot, 'tools/clean-up.ts')];
  const us = [String(process.pid), processBeginning(process.pid) ?? ''];
  const shell = spawn('/bin/sh', ['-c', watch, 'guard', ...cleanUp, ...us, ...what], {
    cwd: '/',
    // In a session of its own, out of reach of whatever ends our group.
    detached: true,
    // Not standard input, which Node closes when the shell in between ends.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = shell.stdio[3] as Socket;
  // Without a guard things only are as they are on Windows.
  for (const part of [shell, pipe]) {
    part.once('error', () => undefined);
    part.unref();
  }
  return { dismiss: () => void pipe.end('dismissed\n') };
}

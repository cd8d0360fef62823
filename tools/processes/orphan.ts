import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Surroundings {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File for what it prints. */
  output: number;
  uid?: number;
  gid?: number;
}

// The shell in between ends at once, and its child is nobody's. Of its two outputs one is the caller's, the other tells the id.
const disown = '"$@" >&2 & echo $!';

/** Starts a process that outlives us and belongs to no process tree; resolves with its id. */
export async function spawnOrphan(command: string[], { output, ...options }: Surroundings): Promise<number> {
  const [program = '', ...args] = command;
  if (process.platform === 'win32') {
    const child = spawn(program, args, {
      ...options,
      detached: true,
      stdio: ['ignore', output, output],
      windowsHide: true,
    });
    await once(child, 'spawn');
    child.unref();
    return child.pid ?? 0;
  }
  const shell = spawn('/bin/sh', ['-c', disown, 'sh', ...command], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', output],
  });
  await once(shell, 'spawn');
  let pid = '';
  for await (const chunk of shell.stdout ?? []) pid += String(chunk);
  return Number(pid);
}

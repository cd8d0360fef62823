import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process with this id began, or undefined when there is none. Ids are reused, the pair of id and beginning is not,
 * so a note left by a process that died is never taken for a living stranger's.
 */
export function processBeginning(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // The name may hold spaces and brackets; state is the 1st field after it, the start time the 20th.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  if (process.platform === 'win32') return hasProcess(pid) ? 'unknown' : undefined;
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() || undefined;
}

/** Also of one that ended and that nobody has reaped. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { collectOutput } from './output.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ManagedProcess {
  name: string;
  pid: number | undefined;
  exited: Promise<Exit>;
  lastLines: (count: number) => string[];
  /** SIGTERM, and after `patienceMs` the end of it and of everything it started. */
  stop(patienceMs: number): Promise<void>;
  /** The end of it and of everything it started, now. */
  kill(): void;
}

export interface Launch {
  name: string;
  cwd: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  show: (line: string) => void;
}

/** Starts Node in a process group of its own: a terminal's Ctrl-C reaches only the launcher, which ends its processes in order. */
export function launchProcess({ name, cwd, args, env, logFile, show }: Launch): ManagedProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collectOutput(child, { logFile, show });
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      show(error.message);
      resolve({ code: 1, signal: null });
    });
    // After its last words, which "exit" would not wait for.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const kill = () => signalGroup(child.pid, 'SIGKILL');
  return {
    name,
    pid: child.pid,
    exited,
    lastLines: output.lastLines,
    kill,
    async stop(patienceMs) {
      // To the leader alone: services pass it on where they have children, and a second one would mean "at once".
      child.kill('SIGTERM');
      const impatience = setTimeout(kill, patienceMs);
      await exited;
      clearTimeout(impatience);
      kill();
    },
  };
}

export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nobody of it is left.
  }
}

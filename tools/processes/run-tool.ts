import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { executables, workspaceRoot } from '../paths.ts';

export interface Finished {
  ok: boolean;
  /** Ended by `stopTools`. */
  interrupted: boolean;
  output: string;
}

interface Options {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
}

const running = new Set<ChildProcess>();
const stopped = new Set<ChildProcess>();

/** Ends what is running; whoever waits for it sees it fail. */
export function stopTools(signal: NodeJS.Signals): void {
  for (const child of running) {
    stopped.add(child);
    child.kill(signal);
  }
}

/** Runs a package's command line, named by its file in node_modules, on our Node and collects what it prints. */
export function runTool(entry: string, args: string[], options: Options = {}): Promise<Finished> {
  const child = spawn(process.execPath, [join(workspaceRoot, 'node_modules', entry), ...args], {
    cwd: options.cwd ?? workspaceRoot,
    env: {
      ...process.env,
      PATH: executables + delimiter + (process.env['PATH'] ?? ''),
      // A background service of Nx would outlive the command and the checkout.
      NX_DAEMON: 'false',
      // npm's account of which command failed would only repeat what the command said.
      npm_config_loglevel: 'silent',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (raw) => {
      const line = stripVTControlCharacters(raw);
      lines.push(line);
      options.onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ ok: code === 0, interrupted: stopped.delete(child), output: lines.join('\n').trim() });
    });
  });
}

import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import { runTool, type Finished } from '../processes/run-tool.ts';

export interface Task {
  /** `@alva/auth:test` */
  id: string;
  output: string;
  failed: boolean;
}

export interface NxRun extends Finished {
  tasks: Task[];
}

interface Options {
  env?: NodeJS.ProcessEnv;
  onTask?: (task: Omit<Task, 'failed'>) => void;
}

const compileCache = join(workspaceRoot, 'node_modules/.cache/compiled');
const header = /^> nx run ([^\s\]]+)/;

/** Runs Nx and takes its output apart by task: with its static style each task's output is one block below a header. */
export async function runNx(args: string[], { env = {}, onTask }: Options = {}): Promise<NxRun> {
  const blocks: { id: string; lines: string[] }[] = [];
  const close = () => {
    const last = blocks.at(-1);
    if (last) onTask?.({ id: last.id, output: last.lines.join('\n') });
  };
  const finished = await runTool('nx/dist/bin/nx.js', [...args, '--outputStyle=static'], {
    // In a pseudo-terminal, tools would draw progress bars for nobody. And hundreds of short processes load the same modules.
    env: { NX_NATIVE_COMMAND_RUNNER: 'false', NODE_COMPILE_CACHE: compileCache, ...env },
    onLine(line) {
      const id = header.exec(line)?.[1];
      if (id || line.startsWith(' NX ')) {
        close();
        blocks.push({ id: id ?? '', lines: [] });
      }
      blocks.at(-1)?.lines.push(line);
    },
  });
  const failed = failedTasks(finished.output);
  const tasks = blocks
    .filter(({ id }) => id !== '')
    .map(({ id, lines }) => ({ id, output: lines.join('\n').trim(), failed: failed.has(id) }));
  return { ...finished, tasks };
}

function failedTasks(output: string): Set<string> {
  const list = output.split('Failed tasks:').at(1) ?? '';
  return new Set(Array.from(list.matchAll(/^- (\S+)$/gm), ([, id = '']) => id));
}

/** The output of the tasks that failed; all of it when Nx itself did. */
export function reportOf({ ok, output, tasks }: NxRun): string {
  if (ok) return '';
  const failed = tasks.filter((task) => task.failed);
  return failed.length > 0 ? failed.map((task) => task.output).join('\n\n') : output;
}

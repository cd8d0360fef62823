import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Hint, Interrupted } from '../hint.ts';
import { launchProcess, type ManagedProcess } from '../processes/managed-process.ts';
import { countRestarts } from '../processes/restarts.ts';
import type { Leftovers } from './leftovers.ts';
import type { ProcessDefinition } from './processes.ts';
import { waitUntilReady } from './readiness.ts';

export interface RunningStack {
  /** Resolves when all of them answer. */
  start(definitions: ProcessDefinition[]): Promise<void>;
  /** Shows warnings from now on; rejects when a process cannot be kept alive. */
  watch(): Promise<never>;
  /** The last started first, within `patienceMs` altogether. */
  stop(patienceMs: number): Promise<void>;
  kill(): void;
}

interface StackOptions {
  leftovers: Pick<Leftovers, 'add'>;
  /** Aborted when the stack is to be stopped. */
  signal: AbortSignal;
  logFolder: string;
  /** For what a person should know of while it runs. */
  show: (line: string) => void;
}

interface Kept {
  definition: ProcessDefinition;
  process: ManagedProcess;
}

/** Starts processes and keeps them: what ends unasked is started again, unless it ends again and again. */
export function openStack({ leftovers, signal, logFolder, show }: StackOptions): RunningStack {
  const all: Kept[] = [];
  // Starting side by side, they complain of each other's absence; that matters only if one of them gives up.
  let isWatched = false;
  let isStopped = false;

  function launch({ name, cwd, args, env }: ProcessDefinition): ManagedProcess {
    const process = launchProcess({
      name,
      cwd,
      args,
      env,
      logFile: join(logFolder, `${name}.log`),
      show: (line) => {
        if (isWatched) show(`${name.padEnd(6)} | ${line}`);
      },
    });
    leftovers.add(process.pid);
    return process;
  }

  async function keep(kept: Kept): Promise<never> {
    const { name } = kept.definition;
    const restarts = countRestarts();
    for (;;) {
      const { code, signal: by } = await kept.process.exited;
      // Stopping ends processes too; then nobody waits for the answer any more.
      if (signal.aborted || isStopped) return new Promise(() => undefined);
      if (!restarts.allow()) throw new Hint(`${name} stops again and again; see .data/logs/${name}.log`);
      show(`${name} stopped unasked (${by ?? `exit ${code ?? '?'}`}), starting it again.`);
      kept.process.kill();
      kept.process = launch(kept.definition);
    }
  }

  return {
    async start(definitions) {
      if (signal.aborted || isStopped) throw new Interrupted();
      for (const { name } of definitions) rmSync(join(logFolder, `${name}.log`), { force: true });
      const started = definitions.map((definition) => ({ definition, process: launch(definition) }));
      all.push(...started);
      await Promise.all(started.map(({ definition, process }) => waitUntilReady(process, definition.readyUrl, signal)));
    },
    watch() {
      isWatched = true;
      return Promise.race(all.map(keep));
    },
    async stop(patienceMs) {
      isStopped = true;
      const deadline = Date.now() + patienceMs;
      for (const { process } of all.toReversed()) await process.stop(Math.max(0, deadline - Date.now()));
    },
    kill: () => {
      for (const { process } of all) process.kill();
    },
  };
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Hint } from '../hint.ts';
import { launchProcess, type ManagedProcess } from '../processes/managed-process.ts';
import type { Leftovers } from './leftovers.ts';
import type { ProcessDefinition } from './processes.ts';
import { waitUntilReady } from './readiness.ts';

export interface RunningStack {
  ready(): Promise<void>;
  /** Rejects when a process cannot be kept alive. */
  watch(): Promise<never>;
  /** In reverse order, within `patienceMs` altogether. */
  stop(patienceMs: number): Promise<void>;
  kill(): void;
}

interface StackOptions {
  leftovers: Leftovers;
  /** Aborted when the stack is to be stopped. */
  signal: AbortSignal;
  logFolder: string;
  /** For what a person should know of while it runs. */
  show: (line: string) => void;
}

const restartsAllowed = 3;
const stableAfterMs = 60_000;

/** Starts the processes and keeps them: what ends unasked is started again, unless it ends again and again. */
export function startStack(definitions: ProcessDefinition[], options: StackOptions): RunningStack {
  const { leftovers, signal, logFolder, show } = options;
  const running = new Map<string, ManagedProcess>();
  const nameWidth = Math.max(...definitions.map(({ name }) => name.length));
  // Starting side by side, they complain of each other's absence; that matters only if one of them gives up.
  let isReady = false;

  function launch({ name, cwd, args, env }: ProcessDefinition): ManagedProcess {
    const process = launchProcess({
      name,
      cwd,
      args,
      env,
      logFile: join(logFolder, `${name}.log`),
      show: (line) => {
        if (isReady) show(`${name.padEnd(nameWidth)} | ${line}`);
      },
    });
    leftovers.add(process.pid);
    running.set(name, process);
    return process;
  }

  async function keep(definition: ProcessDefinition, first: ManagedProcess): Promise<never> {
    const { name } = definition;
    let [current, startedAt, restarts] = [first, Date.now(), 0];
    for (;;) {
      const { code, signal: by } = await current.exited;
      // Stopping ends processes too; then nobody waits for the answer any more.
      if (signal.aborted) return new Promise(() => undefined);
      if (Date.now() - startedAt > stableAfterMs) restarts = 0;
      if (restarts++ === restartsAllowed) throw new Hint(`${name} stops again and again; see .data/logs/${name}.log`);
      show(`${name} stopped unasked (${by ?? `exit ${code ?? '?'}`}), starting it again.`);
      current.kill();
      [current, startedAt] = [launch(definition), Date.now()];
    }
  }

  for (const { name } of definitions) rmSync(join(logFolder, `${name}.log`), { force: true });
  const launched = definitions.map((definition) => ({ definition, first: launch(definition) }));
  return {
    async ready() {
      await Promise.all(launched.map(({ definition, first }) => waitUntilReady(first, definition.readyUrl, signal)));
      isReady = true;
    },
    watch: () => Promise.race(launched.map(({ definition, first }) => keep(definition, first))),
    async stop(patienceMs) {
      const deadline = Date.now() + patienceMs;
      for (const { name } of definitions.toReversed()) {
        await running.get(name)?.stop(Math.max(0, deadline - Date.now()));
      }
      leftovers.forget();
    },
    kill: () => {
      for (const process of running.values()) process.kill();
    },
  };
}

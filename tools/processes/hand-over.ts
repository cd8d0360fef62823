import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Hint } from '../hint.ts';

/** Runs a command in our place, on our terminal, and resolves with its exit code, also of what a signal ended. */
export function handOver(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  cwd: string = process.cwd(),
): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env, cwd });
  // A terminal sends Ctrl-C to the command as well; passing it on would interrupt it twice. Other signals come to us alone.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Hint(`${command} could not be run: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

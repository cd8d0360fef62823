// node tools/serve.ts auth|api|worker|web: one process of the stack, started anew whenever a file it uses is saved.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { withDevelopmentKeys } from './environment/development-keys.ts';
import { readStackEnvironment, type StackEnvironment } from './environment/stack-environment.ts';
import { Hint, runCommand } from './hint.ts';
import { workspaceRoot } from './paths.ts';
import { isPortFree, takenPort } from './ports.ts';
import { watchInterrupts } from './processes/interrupts.ts';
import { signalGroup } from './processes/managed-process.ts';
import { migrateStackDatabase, openStackDatabase } from './stack/database.ts';
import { openLeftovers, type Leftovers } from './stack/leftovers.ts';
import { describeProcesses, type ProcessDefinition, type ProcessName, processNames } from './stack/processes.ts';
import { checkStackRedis } from './stack/redis.ts';

const interrupts = watchInterrupts();

await runCommand(async () => {
  const name = processNames.find((known) => known === process.argv[2]);
  if (!name) throw new Hint(`Usage: node tools/serve.ts ${processNames.join('|')}`);
  const environment = withDevelopmentKeys(readStackEnvironment());
  const leftovers = openLeftovers(environment.ports[name]);
  await leftovers.claim();
  try {
    for (const [purpose, port] of Object.entries(describeProcesses(environment)[name].ports)) {
      if (!(await isPortFree(port))) throw await takenPort(port, purpose);
    }
    return await (name === 'web' ? serveWeb(environment, leftovers) : serveService(name, environment, leftovers));
  } finally {
    leftovers.forget();
  }
});

/** Next reloads by itself. */
function serveWeb(environment: StackEnvironment, leftovers: Leftovers): Promise<number> {
  const next = join(workspaceRoot, 'node_modules/next/dist/bin/next');
  const { web } = describeProcesses(environment);
  const args = [next, 'dev', '--port', String(environment.ports.web), '--hostname', web.env['HOSTNAME'] ?? 'localhost'];
  return serve({ ...web, args, env: environment.variables }, leftovers);
}

async function serveService(
  name: Exclude<ProcessName, 'web'>,
  environment: StackEnvironment,
  leftovers: Leftovers,
): Promise<number> {
  const [database] = await Promise.all([openStackDatabase(environment), checkStackRedis(environment)]);
  try {
    await migrateStackDatabase(database.url);
    // Without its database the service says so itself, and goes on once there is one again.
    const show = (line: string) => console.error(line);
    void database.keepAlive(show).catch((error: unknown) => show((error as Error).message));
    const variables = { ...environment.variables, DATABASE_URL: database.url };
    const definition = describeProcesses({ ...environment, variables })[name];
    return await serve({ ...definition, args: ['--watch', '--watch-preserve-output', ...definition.args] }, leftovers);
  } finally {
    await database.release();
  }
}

/** In a group of its own, like the launcher's processes: it hears of a Ctrl-C once, from us. */
function serve({ args, cwd, env }: ProcessDefinition, leftovers: Leftovers): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  leftovers.add(child.pid);
  interrupts.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  if (interrupts.signal.aborted) child.kill('SIGTERM');
  interrupts.onSecond(() => signalGroup(child.pid, 'SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signalGroup(child.pid, 'SIGKILL');
      resolve(interrupts.signal.aborted ? 0 : (code ?? 1));
    });
  });
}

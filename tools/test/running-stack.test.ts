import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findFreePort, isPortFree } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import type { ProcessDefinition, ProcessName } from '../stack/processes.ts';
import { startStack } from '../stack/running-stack.ts';

async function standIn(name: ProcessName, mode: string): Promise<ProcessDefinition> {
  const port = await findFreePort();
  return {
    name,
    cwd: import.meta.dirname,
    args: [join(import.meta.dirname, 'support/stand-in.mjs'), mode, String(port), name],
    env: process.env,
    ports: { [name]: port },
    readyUrl: `http://localhost:${port}/`,
  };
}

function start(t: Test, definitions: ProcessDefinition[]) {
  const stop = new AbortController();
  const shown: string[] = [];
  const leftovers = { clear: async () => undefined, add: () => undefined, forget: () => undefined };
  const stack = startStack(definitions, {
    leftovers,
    signal: stop.signal,
    logFolder: t.testdir(),
    show: (line) => shown.push(line),
  });
  t.teardown(async () => {
    stop.abort();
    await stack.stop(0);
  });
  return { stack, stop, shown };
}

const identify = async (definition: ProcessDefinition) =>
  (await (await fetch(definition.readyUrl)).json()) as { pid: number; child?: number };

void t.test('the stack is ready when every process answers, and stops in reverse order', async (t) => {
  const definitions = [await standIn('auth', 'good'), await standIn('api', 'good'), await standIn('web', 'good')];
  const { stack, stop, shown } = start(t, definitions);
  await stack.ready();
  stop.abort();
  await stack.stop(5000);
  t.strictSame(
    shown.map((line) => line.slice(0, 4).trim()),
    ['web', 'api', 'auth'],
  );
});

void t.test('a process that ends while starting is explained by its last lines', async (t) => {
  const { stack } = start(t, [await standIn('auth', 'good'), await standIn('api', 'breaks')]);
  await t.rejects(stack.ready(), { name: 'Hint', message: /^api stopped while starting[^]*DATABASE_URL is not set/ });
});

void t.test('a process that is killed is started again, and given up when it keeps ending', async (t) => {
  const auth = await standIn('auth', 'good');
  const { stack, shown } = start(t, [auth]);
  await stack.ready();
  const watching = stack.watch();
  for (let times = 0; times < 4; times++) {
    const { pid } = await identify(auth);
    process.kill(pid, 'SIGKILL');
    if (times === 3) break;
    while ((await identify(auth).catch(() => ({ pid }))).pid === pid) await new Promise(setImmediate);
  }
  await t.rejects(watching, { name: 'Hint', message: /^auth stops again and again/ });
  t.equal(shown.filter((line) => line.includes('starting it again')).length, 3);
});

void t.test('stopping ends the stubborn and whatever they started, in time', async (t) => {
  const [parent, stubborn] = [await standIn('web', 'parent'), await standIn('api', 'stubborn')];
  const { stack, stop } = start(t, [parent, stubborn]);
  await stack.ready();
  const { child = 0 } = await identify(parent);
  t.ok(processBeginning(child));
  const begun = Date.now();
  stop.abort();
  await stack.stop(500);
  t.ok(Date.now() - begun < 3000);
  while (processBeginning(child)) await new Promise(setImmediate);
  for (const { ports } of [parent, stubborn]) for (const port of Object.values(ports)) t.ok(await isPortFree(port));
});

void t.test('a person sees warnings, the log file keeps everything', async (t) => {
  const folder = t.testdir();
  const stop = new AbortController();
  const leftovers = { clear: async () => undefined, add: () => undefined, forget: () => undefined };
  const api = await standIn('api', 'breaks');
  const stack = startStack([api], { leftovers, signal: stop.signal, logFolder: folder, show: () => undefined });
  await t.rejects(stack.ready());
  const log = readFileSync(join(folder, 'api.log'), 'utf8');
  t.match(log, 'looking for its database');
  t.match(log, 'DATABASE_URL is not set');
});

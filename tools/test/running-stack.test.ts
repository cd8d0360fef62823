import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { findFreePort, isPortFree } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import type { ProcessDefinition, ProcessName } from '../stack/processes.ts';
import { openStack } from '../stack/running-stack.ts';

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

function open(t: Test) {
  const stop = new AbortController();
  const shown: string[] = [];
  const leftovers = { add: () => undefined };
  const logFolder = t.testdir();
  const stack = openStack({ leftovers, signal: stop.signal, logFolder, show: (line) => shown.push(line) });
  t.teardown(async () => {
    stop.abort();
    await stack.stop(0);
  });
  return { stack, stop, shown, logFolder };
}

const identify = async (definition: ProcessDefinition) =>
  (await (await fetch(definition.readyUrl)).json()) as { pid: number; child?: number };

void t.test('the stack is ready when every process answers, and stops in reverse order', async (t) => {
  const definitions = [await standIn('auth', 'good'), await standIn('api', 'good'), await standIn('web', 'good')];
  const { stack, stop, shown } = open(t);
  await stack.start(definitions.slice(0, 2));
  await stack.start(definitions.slice(2));
  stack.watch().catch(() => undefined);
  stop.abort();
  await stack.stop(5000);
  t.strictSame(
    shown.map((line) => line.slice(0, 4).trim()),
    ['web', 'api', 'auth'],
  );
});

void t.test('a process that ends while starting is explained by its last lines', async (t) => {
  const { stack } = open(t);
  const starting = stack.start([await standIn('auth', 'good'), await standIn('api', 'breaks')]);
  await t.rejects(starting, { name: 'Hint', message: /^api stopped while starting[^]*cannot go on$/ });
});

void t.test('a process that says itself what to do is believed in one line', async (t) => {
  const { stack } = open(t);
  const message = 'api: DATABASE_URL is not set.';
  await t.rejects(stack.start([await standIn('api', 'refuses')]), { name: 'Hint', message });
});

void t.test('nothing is started any more once the stack was stopped', async (t) => {
  const { stack } = open(t);
  await stack.stop(0);
  await t.rejects(stack.start([await standIn('web', 'good')]));
});

void t.test('a process that is killed is started again, and given up when it keeps ending', async (t) => {
  const auth = await standIn('auth', 'good');
  const { stack, shown } = open(t);
  await stack.start([auth]);
  const watching = stack.watch();
  for (let times = 0; times < 4; times++) {
    const { pid } = await identify(auth);
    process.kill(pid, 'SIGKILL');
    if (times === 3) break;
    while ((await identify(auth).catch(() => ({ pid }))).pid === pid) await delay(5);
  }
  await t.rejects(watching, { name: 'Hint', message: /^auth stops again and again/ });
  t.equal(shown.filter((line) => line.includes('starting it again')).length, 3);
});

void t.test('stopping ends the stubborn and whatever they started, in time', async (t) => {
  const [parent, stubborn] = [await standIn('web', 'parent'), await standIn('api', 'stubborn')];
  const { stack, stop } = open(t);
  await stack.start([parent, stubborn]);
  const { child = 0 } = await identify(parent);
  t.ok(processBeginning(child));
  const begun = Date.now();
  stop.abort();
  await stack.stop(500);
  t.ok(Date.now() - begun < 3000);
  while (processBeginning(child)) await delay(5);
  for (const { ports } of [parent, stubborn]) for (const port of Object.values(ports)) t.ok(await isPortFree(port));
});

void t.test('a person sees warnings, the log file keeps everything', async (t) => {
  const { stack, shown, logFolder } = open(t);
  await stack.start([await standIn('api', 'good')]);
  stack.watch().catch(() => undefined);
  await stack.stop(5000);
  t.strictSame(shown, ['api    | 12:00:00 warn  api  stopping']);
  const log = readFileSync(join(logFolder, 'api.log'), 'utf8');
  t.match(log, 'listening');
  t.match(log, 'stopping');
});

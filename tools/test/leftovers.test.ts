import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { dataFolder } from '../paths.ts';
import { findFreePort } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import { openLeftovers } from '../stack/leftovers.ts';
import { runScript } from './support/tool.ts';

async function startLauncher(t: Test, mode = '') {
  const port = await findFreePort();
  const tool = runScript(t, join(import.meta.dirname, 'support/launcher.ts'), [String(port), mode]);
  const started = Number((await tool.line(/^started/)).split(' ')[1]);
  t.teardown(() => openLeftovers(port).clear());
  return { ...tool, port, started };
}

void t.test('what a killed launcher left is ended at once', async (t) => {
  const { child, port, started } = await startLauncher(t);
  t.ok(processBeginning(started));
  child.kill('SIGKILL');
  while (processBeginning(started)) await delay(5);
  while (existsSync(join(dataFolder, `started-${port}.json`))) await delay(5);
  t.pass('process and note are gone');
});

void t.test('without a guard the next start ends it, but never what a living launcher runs', async (t) => {
  const { child, exited, port, started } = await startLauncher(t, 'unguarded');
  await openLeftovers(port).clear();
  t.ok(processBeginning(started), 'its launcher lives');
  await t.rejects(openLeftovers(port).claim(), { name: 'Hint', message: `port ${port} (pid ${child.pid ?? ''})` });

  child.kill('SIGKILL');
  await exited;
  await openLeftovers(port).clear();
  t.notOk(processBeginning(started), 'its launcher is gone');
});

import { join } from 'node:path';
import t from 'tap';
import { findFreePort } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import { openLeftovers } from '../stack/leftovers.ts';
import { runScript } from './support/tool.ts';

void t.test('what a killed launcher left is ended by the next, what a living one runs is not', async (t) => {
  const port = await findFreePort();
  const launcher = runScript(t, join(import.meta.dirname, 'support/launcher.ts'), [String(port)]);
  const pid = Number((await launcher.line(/^started/)).split(' ')[1]);
  t.teardown(() => openLeftovers(port).clear());

  await openLeftovers(port).clear();
  t.ok(processBeginning(pid), 'its launcher lives');

  launcher.child.kill('SIGKILL');
  await launcher.exited;
  await openLeftovers(port).clear();
  t.notOk(processBeginning(pid), 'its launcher is gone');
});

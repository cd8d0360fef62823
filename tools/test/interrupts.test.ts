import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { runScript, toolsFolder } from './support/tool.ts';

void t.test('Ctrl-C passes through the bootstrap once, and the exit code comes back', async (t) => {
  const tool = runScript(t, join(toolsFolder, 'bootstrap.mjs'), ['test/support/interruptible']);
  await tool.line(/listening/);
  // As a terminal does it: to everyone in the group; the bootstrap passes its copy on.
  const pressControlC = () => process.kill(-(tool.child.pid ?? 0), 'SIGINT');
  pressControlC();
  await tool.line(/first/);
  // Not a wait for something to happen: the time between two deliberate presses is what is tried.
  await delay(700);
  t.strictSame(tool.lines, ['listening', 'first'], 'two deliveries were one interrupt');
  pressControlC();
  t.equal((await tool.exited).code, 3);
  t.strictSame(tool.lines, ['listening', 'first', 'second']);
});

void t.test('SIGTERM to the bootstrap alone reaches the tool', async (t) => {
  const tool = runScript(t, join(toolsFolder, 'bootstrap.mjs'), ['test/support/interruptible']);
  await tool.line(/listening/);
  tool.child.kill('SIGTERM');
  await tool.line(/first/);
  t.pass('heard');
});

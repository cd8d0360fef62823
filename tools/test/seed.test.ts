import { join } from 'node:path';
import t from 'tap';
import { runScript, toolsFolder } from './support/tool.ts';

void t.test('seed that is asked how it is used, or something it does not know, touches no database', async (t) => {
  const nowhere = { DATABASE_URL: 'postgres://127.0.0.1:9/nothing' };
  for (const [word, code, line] of [
    ['--help', 0, /^Usage: npm run seed\./],
    ['again', 1, /^"again" means nothing here\. Usage: npm run seed\./],
  ] as const) {
    const seed = runScript(t, join(toolsFolder, 'seed.ts'), [word], nowhere);
    t.match(await seed.exited, { code }, word);
    t.match(seed.lines, [line], word);
    t.equal(seed.lines.length, 1);
  }
});

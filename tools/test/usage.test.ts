import { join } from 'node:path';
import t from 'tap';
import { runScript, toolsFolder } from './support/tool.ts';

for (const [tool, command] of [
  ['seed', 'seed'],
  ['doctor', 'doctor'],
  ['migrate', 'db:migrate'],
] as const) {
  void t.test(
    `${command} that is asked how it is used, or something it does not know, does nothing else`,
    async (t) => {
      const nowhere = { DATABASE_URL: 'postgres://127.0.0.1:9/nothing' };
      for (const [word, code, line] of [
        ['--help', 0, new RegExp(`^Usage: npm run ${command}\\.`)],
        ['again', 1, new RegExp(`^"again" means nothing here\\. Usage: npm run ${command}\\.`)],
      ] as const) {
        const run = runScript(t, join(toolsFolder, `${tool}.ts`), [word], nowhere);
        t.match(await run.exited, { code }, word);
        t.match(run.lines, [line], word);
        t.equal(run.lines.length, 1);
      }
    },
  );
}

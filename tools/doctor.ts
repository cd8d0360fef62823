// npm run doctor: what would keep the stack from running on this machine, and what mends it.
import { examinations } from './doctor/examinations.ts';
import { withKeysOfDatabase } from './environment/development-keys.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { runCommand } from './hint.ts';
import { alignColumns } from './progress.ts';
import { openStackDatabase, type StackDatabase } from './stack/database.ts';
import { isAskedForHelp } from './usage.ts';

const usage = 'Usage: npm run doctor. Looks for what keeps the stack from running here, and says what mends it.';

await runCommand(async () => {
  if (isAskedForHelp(usage)) return 0;
  const environment = withKeysOfDatabase(readStackEnvironment());
  let opening: Promise<StackDatabase> | undefined;
  const openDatabase = async () => (await (opening ??= openStackDatabase(environment))).url;
  try {
    const rows: string[][] = [];
    for (const [name, examine] of Object.entries(examinations)) {
      const { ok, found, fix } = await examine({ ...environment, openDatabase });
      rows.push([ok ? '✓' : '✗', name, found, ok ? '' : `fix: ${fix ?? ''}`]);
    }
    console.log(alignColumns(rows).join('\n'));
    return rows.some(([mark]) => mark === '✗') ? 1 : 0;
  } finally {
    const database = await opening?.catch(() => undefined);
    await database?.release();
  }
});

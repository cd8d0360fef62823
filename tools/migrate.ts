// npm run db:migrate: brings the database of DATABASE_URL, else the embedded one, to the present schema.
import { readStackEnvironment } from './environment/stack-environment.ts';
import { runCommand } from './hint.ts';
import { step } from './progress.ts';
import { migrateStackDatabase, openIntendedDatabase, placeOf } from './stack/database.ts';
import { isAskedForHelp } from './usage.ts';

const usage =
  'Usage: npm run db:migrate. Brings the database of DATABASE_URL, else the embedded one, to the present schema.';

await runCommand(async () => {
  if (isAskedForHelp(usage)) return 0;
  const database = await openIntendedDatabase(readStackEnvironment());
  try {
    await step(`Migrations of ${placeOf(database.url)}`, () => migrateStackDatabase(database.url));
    return 0;
  } finally {
    await database.release();
  }
});

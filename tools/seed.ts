// npm run seed: makes the demo account, once.
import { readStackEnvironment } from './environment/stack-environment.ts';
import { runCommand } from './hint.ts';
import { migrateStackDatabase, openIntendedDatabase, placeOf } from './stack/database.ts';
import { demoEmail, seedDemoAccount } from './stack/demo-account.ts';
import { isAskedForHelp } from './usage.ts';

const usage = `Usage: npm run seed. Makes the demo account ${demoEmail} with a filled-in questionnaire, migrating first; what is there stays.`;

await runCommand(async () => {
  if (isAskedForHelp(usage)) return 0;
  const database = await openIntendedDatabase(readStackEnvironment());
  try {
    await migrateStackDatabase(database.url);
    await seedDemoAccount(database.url);
    console.log(`The demo account of ${placeOf(database.url)} is ${demoEmail}.`);
    return 0;
  } finally {
    await database.release();
  }
});

// npm run seed: makes the demo account, once.
import { runCommand } from './hint.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { migrateStackDatabase, openIntendedDatabase, placeOf } from './stack/database.ts';
import { demoEmail, seedDemoAccount } from './stack/demo-account.ts';

await runCommand(async () => {
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

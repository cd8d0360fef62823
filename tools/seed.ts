// npm run seed: makes the demo account, once.
import { Hint, runCommand } from './hint.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { migrateStackDatabase, openIntendedDatabase, placeOf } from './stack/database.ts';
import { demoEmail, seedDemoAccount } from './stack/demo-account.ts';

const usage = `Usage: npm run seed. Makes the demo account ${demoEmail} with a filled-in questionnaire, migrating first; what is there stays.`;

await runCommand(async () => {
  const [word] = process.argv.slice(2);
  if (word !== undefined && ['help', '--help', '-h'].includes(word)) {
    console.log(usage);
    return 0;
  }
  if (word !== undefined) throw new Hint(`"${word}" means nothing here. ${usage}`);
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

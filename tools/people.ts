// npm run people -- <command>: administers accounts of DATABASE_URL, else of the embedded database, when nobody else can.
import { readStackEnvironment } from './environment/stack-environment.ts';
import { runCommand } from './hint.ts';
import { peopleEntry } from './paths.ts';
import { handOver } from './processes/hand-over.ts';
import { openIntendedDatabase } from './stack/database.ts';

await runCommand(async () => {
  const args = process.argv.slice(2);
  if (args.length === 0) args.push('--help');
  // Whoever asks what there is needs no database.
  if (args.some((arg) => ['help', '--help', '-h'].includes(arg)))
    return handOver(process.execPath, [peopleEntry, ...args], process.env);
  const environment = readStackEnvironment();
  const database = await openIntendedDatabase(environment);
  try {
    const env = { ...environment.variables, DATABASE_URL: database.url };
    return await handOver(process.execPath, [peopleEntry, ...args], env);
  } finally {
    await database.release();
  }
});

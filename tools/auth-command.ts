import { withKeysOfDatabase } from './environment/development-keys.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { authEntry, type AuthCommand } from './paths.ts';
import { handOver } from './processes/hand-over.ts';
import { openIntendedDatabase, placeOf } from './stack/database.ts';
import { asksForHelp } from './usage.ts';

/** Runs a command of auth on DATABASE_URL, else on the embedded database, and says which that was. */
export async function runAuthCommand(name: AuthCommand): Promise<number> {
  const args = process.argv.slice(2);
  // npm moves to the root of the checkout; files are named from where the person is.
  const run = (env: NodeJS.ProcessEnv) =>
    handOver(process.execPath, [authEntry(name), ...args], env, process.env['INIT_CWD']);
  // Whoever asks what there is needs no database.
  if (args.length === 0 || args.some(asksForHelp)) return run(process.env);
  const environment = name === 'keys' ? withKeysOfDatabase(readStackEnvironment()) : readStackEnvironment();
  const database = await openIntendedDatabase(environment);
  try {
    const code = await run({ ...environment.variables, DATABASE_URL: database.url });
    if (code === 0) console.log(`In ${placeOf(database.url)}.`);
    return code;
  } finally {
    await database.release();
  }
}

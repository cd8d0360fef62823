// npm run keys -- <command>: looks after the signing keys of DATABASE_URL, else of the embedded database.
import { withKeysOfDatabase } from './environment/development-keys.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { runCommand } from './hint.ts';
import { keysEntry } from './paths.ts';
import { handOver } from './processes/hand-over.ts';
import { openIntendedDatabase, placeOf } from './stack/database.ts';

await runCommand(async () => {
  const args = process.argv.slice(2);
  // Whoever asks what there is needs no database.
  if (args.length === 0 || args.some((arg) => ['help', '--help', '-h'].includes(arg)))
    return runKeys(args, process.env);
  const environment = withKeysOfDatabase(readStackEnvironment());
  const database = await openIntendedDatabase(environment);
  try {
    const code = await runKeys(args, { ...environment.variables, DATABASE_URL: database.url });
    if (code === 0) console.log(`In ${placeOf(database.url)}.`);
    return code;
  } finally {
    await database.release();
  }
});

/** npm moves to the root of the checkout; files are named from where the person is. */
function runKeys(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  return handOver(process.execPath, [keysEntry, ...args], env, process.env['INIT_CWD']);
}

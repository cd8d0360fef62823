// node tools/with-postgres.ts <command …>: runs the command with a test Postgres (and Redis, where there is one) to use.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { Hint, runCommand } from './hint.ts';
import { executables } from './paths.ts';
import { openEmbeddedPostgres, testCluster } from './postgres/embedded-postgres.ts';
import { startTestRedis } from './redis/test-redis.ts';

async function main([command, ...args]: string[]): Promise<number> {
  if (!command) throw new Hint('Usage: node tools/with-postgres.ts <command …>');
  const { ALVA_TEST_DATABASE_URL: givenPostgres, ALVA_TEST_REDIS_URL: givenRedis } = process.env;
  const postgres = givenPostgres ? undefined : await openEmbeddedPostgres(testCluster);
  const redis = givenRedis ? undefined : await startTestRedis();
  try {
    return await run(command, args, {
      ALVA_TEST_DATABASE_URL: postgres?.url ?? givenPostgres,
      ALVA_TEST_REDIS_URL: redis?.url ?? givenRedis,
      PATH: executables + delimiter + (process.env['PATH'] ?? ''),
    });
  } finally {
    redis?.stop();
    await postgres?.release();
  }
}

function run(command: string, args: string[], additions: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...additions } });
  // A terminal sends Ctrl-C to the command as well; passing it on would interrupt it twice. Other signals come to us alone.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Hint(`${command} could not be run: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

await runCommand(() => main(process.argv.slice(2)));

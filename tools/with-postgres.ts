// node tools/with-postgres.ts <command …>: runs the command with a test Postgres (and Redis, where there is one) to use.
import { delimiter } from 'node:path';
import { Hint, runCommand } from './hint.ts';
import { executables } from './paths.ts';
import { openEmbeddedPostgres, testCluster } from './postgres/embedded-postgres.ts';
import { handOver } from './processes/hand-over.ts';
import { startTestRedis } from './redis/test-redis.ts';

async function main([command, ...args]: string[]): Promise<number> {
  if (!command) throw new Hint('Usage: node tools/with-postgres.ts <command …>');
  const { ALVA_TEST_DATABASE_URL: givenPostgres, ALVA_TEST_REDIS_URL: givenRedis } = process.env;
  const postgres = givenPostgres ? undefined : await openEmbeddedPostgres(testCluster);
  const redis = givenRedis ? undefined : await startTestRedis();
  try {
    return await handOver(command, args, {
      ...process.env,
      ALVA_TEST_DATABASE_URL: postgres?.url ?? givenPostgres,
      ALVA_TEST_REDIS_URL: redis?.url ?? givenRedis,
      PATH: executables + delimiter + (process.env['PATH'] ?? ''),
    });
  } finally {
    redis?.stop();
    await postgres?.release();
  }
}

await runCommand(() => main(process.argv.slice(2)));

// npm run bench: measures, on an embedded Postgres that is as durable as a real one, and on Redis where there is one.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runCommand } from './hint.ts';
import { workspaceRoot } from './paths.ts';
import { benchCluster, openEmbeddedPostgres } from './postgres/embedded-postgres.ts';
import { startTestRedis } from './redis/test-redis.ts';

await runCommand(async () => {
  const postgres = await openEmbeddedPostgres(benchCluster);
  const redis = await startTestRedis();
  try {
    const env = { ...process.env, ALVA_TEST_DATABASE_URL: postgres.url, ALVA_TEST_REDIS_URL: redis?.url };
    const { status } = spawnSync(process.execPath, [join(workspaceRoot, 'bench/main.ts'), ...process.argv.slice(2)], {
      stdio: 'inherit',
      env,
    });
    return status ?? 1;
  } finally {
    redis?.stop();
    await postgres.release();
  }
});

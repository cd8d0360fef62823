// npm run bench: measures, on an embedded Postgres that is as durable as a real one.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runCommand } from './hint.ts';
import { workspaceRoot } from './paths.ts';
import { benchCluster, openEmbeddedPostgres } from './postgres/embedded-postgres.ts';

await runCommand(async () => {
  const postgres = await openEmbeddedPostgres(benchCluster);
  try {
    const env = { ...process.env, ALVA_TEST_DATABASE_URL: postgres.url };
    const { status } = spawnSync(process.execPath, [join(workspaceRoot, 'bench/main.ts'), ...process.argv.slice(2)], {
      stdio: 'inherit',
      env,
    });
    return status ?? 1;
  } finally {
    await postgres.release();
  }
});

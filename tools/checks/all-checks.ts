import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runTool } from '../processes/run-tool.ts';
import { skip, verdict, type Check } from './check.ts';
import { checkGeneratedFiles } from './generated-files.ts';
import { checkMigrations } from './migrations.ts';
import { reportOf, runNx } from '../nx/run-nx.ts';
import { checkProjectGraph } from './project-graph.ts';
import { runTapTasks } from './tap-tasks.ts';
import { findRedisServer } from '../redis/test-redis.ts';

/** Everything `npm test` runs, cheapest first. Each uses both of two cores by itself, so they run one after the other. */
export const allChecks: Check[] = [
  { name: 'formatting', run: checkFormatting },
  { name: 'graph', run: checkProjectGraph },
  { name: 'migrations', run: checkMigrations },
  { name: 'generated', run: checkGeneratedFiles },
  { name: 'types', run: () => checkTarget('typecheck') },
  { name: 'lint', run: () => checkTarget('lint') },
  { name: 'tests', run: runTests },
  { name: 'e2e', run: runJourneys },
];

async function checkFormatting() {
  const { ok, output } = await runTool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']);
  return verdict(ok, `${output}\nRun: npm run format`);
}

async function checkTarget(target: string) {
  const run = await runNx(['run-many', '-t', target]);
  return verdict(run.ok, reportOf(run));
}

async function runTests(progress: (line: string) => void) {
  // As many files at once as there are cores, all of one project: side by side, the longest would end in single file.
  const env = { TAP_JOBS: String(availableParallelism()) };
  const outcome = await runTapTasks(['run-many', '-t', 'test', '--parallel=1'], progress, env);
  const withoutRedis = findRedisServer() === undefined && !process.env['ALVA_TEST_REDIS_URL'];
  if (withoutRedis) outcome.skipped.push('the Redis variant of the tests: no redis-server or valkey-server on PATH');
  return outcome;
}

async function runJourneys(progress: (line: string) => void) {
  if (!hasChromium()) return skip('the journeys in a browser: no Chromium or Chrome found; CHROMIUM_PATH names one');
  return runTapTasks(['run', '@alva/e2e:e2e'], progress);
}

function hasChromium(): boolean {
  const places = [
    process.env['CHROMIUM_PATH'] ?? '',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const commands = ['chromium', 'chromium-browser', 'google-chrome'];
  return (
    places.some((path) => existsSync(path)) || commands.some((name) => spawnSync(name, ['--version']).status === 0)
  );
}

// npm run bench [names, see README.md] [-- --quick]: what docs and README say about speed, measured here.
import { cpus, loadavg, totalmem } from 'node:os';
import { measureGrowth } from './growth.ts';
import { measureJobs } from './jobs.ts';
import { measureLogins } from './logins.ts';
import { measureRefresh } from './refresh.ts';
import { measureRevocation } from './revocation.ts';
import { measureStreams } from './streams.ts';
import { measureVerification } from './verification.ts';

const quick = process.argv.includes('--quick');
const measurements: Record<string, () => Promise<void>> = {
  verification: () => measureVerification(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 4 }),
  refresh: () => measureRefresh(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 4 }),
  revocation: () => measureRevocation({ rounds: quick ? 20 : 300 }),
  logins: () => measureLogins(quick ? { rounds: 1, seconds: 2 } : { rounds: 5, seconds: 6 }),
  jobs: () => measureJobs(quick ? { rounds: 1, jobs: 20, seconds: 3 } : { rounds: 5, jobs: 60, seconds: 4 }),
  streams: () =>
    measureStreams(quick ? { streams: 200, seconds: 5, rounds: 3 } : { streams: 1_000, seconds: 30, rounds: 20 }),
  growth: () =>
    measureGrowth(
      quick ? { rounds: 1, seconds: 1, sessions: 100_000 } : { rounds: 5, seconds: 3, sessions: mostSessions() },
    ),
};
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = wanted.filter((name) => !(name in measurements));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}. Measured are: ${Object.keys(measurements).join(', ')}.\n`);
  process.exit(2);
}

/** A million unless told otherwise. */
function mostSessions(): number {
  return Number(process.env['SESSIONS'] ?? 1_000_000);
}

const [cpu] = cpus();
process.stdout.write(
  `Node ${process.version}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, load ${loadavg()[0]?.toFixed(1)}\n` +
    'Services, Postgres and the load itself share this machine; compare ratios, not numbers of different machines.\n',
);
for (const [name, measure] of Object.entries(measurements))
  if (wanted.length === 0 || wanted.includes(name)) await measure();

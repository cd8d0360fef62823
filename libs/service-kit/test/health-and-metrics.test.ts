import { readFile } from 'node:fs/promises';
import t from 'tap';
import { createLogger, createMetrics, createMetricsServer, createReadiness, createServer } from '../src/index.ts';
import { openService } from './support/service.ts';

const config = { NODE_ENV: 'test', LOG_LEVEL: 'silent', TRUST_PROXY: false } as const;

void t.test('readiness names what is down; liveness does not care', async (t) => {
  let down = false;
  const readiness = createReadiness(
    {
      database: async () => {
        if (down) throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
      },
      queue: async () => 'ok',
    },
    { keepMs: -1 },
  );
  const { app, lines } = await openService(t, { readiness, level: 'info' });
  t.match([(await app.inject('/readyz')).statusCode, (await app.inject('/readyz')).json()], [200, { status: 'ok' }]);
  down = true;
  const answer = await app.inject('/readyz');
  t.match([answer.statusCode, answer.json()], [503, { code: 'service-unavailable', detail: 'Not ready: database' }]);
  t.notMatch(answer.body, '10.0.0.7');
  t.equal((await app.inject('/healthz')).statusCode, 200);
  t.strictSame(lines, [], 'probes that fail every few seconds do not fill the log');
  down = false;
  t.equal((await app.inject('/readyz')).statusCode, 200, 'and comes back by itself');
});

void t.test('why a check fails is logged once, by message, code and cause, without stacks', async (t) => {
  const written: string[] = [];
  const log = createLogger({
    name: 'greeter',
    level: 'info',
    destination: { write: (line) => void written.push(line) },
  });
  const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
  const database = () => Promise.reject(new Error('no keys could be had', { cause }));
  const readiness = createReadiness({ database }, { keepMs: -1, log });
  for (let times = 0; times < 2; times++) t.strictSame(await readiness.failing(), ['database']);
  t.equal(written.length, 1);
  const { err, ...line } = JSON.parse(written.join()) as Record<string, unknown>;
  t.match(line, { level: 'warn', check: 'database', msg: 'not ready' });
  t.strictSame(err, {
    type: 'Error',
    message: 'no keys could be had',
    cause: { type: 'Error', message: cause.message, code: 'ECONNREFUSED' },
  });
});

void t.test('what can be done without is reported, and takes no copy out of service', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  let down = true;
  const queue = async () => {
    if (down) throw new Error('connect ECONNREFUSED 10.0.0.7:6379');
  };
  const readiness = createReadiness({ database: async () => true }, { tolerated: { queue }, keepMs: -1, metrics });
  const { app } = await openService(t, { readiness });
  const answer = await app.inject('/readyz');
  t.strictSame([answer.statusCode, answer.json()], [200, { status: 'ok', degraded: ['queue'] }]);
  const shown = await metrics.registry.metrics();
  t.match(shown, 'readiness_check_passes{check="database",service="greeter"} 1');
  t.match(shown, 'readiness_check_passes{check="queue",service="greeter"} 0');
  down = false;
  t.strictSame((await app.inject('/readyz')).json(), { status: 'ok' });
  t.match(await metrics.registry.metrics(), 'readiness_check_passes{check="queue",service="greeter"} 1');
});

void t.test('a check that hangs counts as failed', async (t) => {
  const readiness = createReadiness({ database: () => new Promise(() => undefined) }, { timeoutMs: 20 });
  t.strictSame(await readiness.failing(), ['database']);
});

void t.test('a hundred probes ask the database once', async (t) => {
  let asked = 0;
  const readiness = createReadiness({ database: async () => ++asked });
  await Promise.all(Array.from({ length: 100 }, () => readiness.failing()));
  t.equal(asked, 1);
});

void t.test('shutting down is not ready at once', async (t) => {
  const readiness = createReadiness({ database: async () => true });
  t.strictSame(await readiness.failing(), []);
  readiness.stop();
  t.strictSame(await readiness.failing(), ['shutting down']);
});

void t.test('what runs is shown: the version of Alva and that of Node', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  t.match(
    await metrics.registry.metrics(),
    `alva_build_info{version="${version}",node_version="${process.version}",service="greeter"} 1`,
  );
});

void t.test('requests are measured by route pattern, never by address', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  const app = createServer({ name: 'greeter', publicUrl: 'http://localhost', config, metrics });
  app.get('/plans/:id', async () => 'plan');
  await app.inject('/plans/17');
  await app.inject('/wp-admin/setup.php');
  const internal = createMetricsServer({ name: 'greeter', config, metrics, readiness: createReadiness({}) });
  t.teardown(() => Promise.all([app.close(), internal.close()]));
  const answer = await internal.inject('/metrics');
  t.match(answer.headers['content-type'], 'text/plain');
  t.match(
    answer.body,
    'http_request_duration_seconds_count{service="greeter",method="GET",route="/plans/:id",status="200"} 1',
  );
  t.match(answer.body, 'route="none",status="404"');
  t.notMatch(answer.body, 'wp-admin');
  t.match(answer.body, 'process_cpu_seconds_total');
  t.equal((await internal.inject('/healthz')).statusCode, 200);
  t.equal((await internal.inject('/readyz')).statusCode, 200);
});

import { readFile } from 'node:fs/promises';
import type { Metrics } from '@alva/service-kit';
import { metricsOfProcess, metricsOnPage } from '@alva/testing';
import t from 'tap';
import { untilShown } from '../support/settle.ts';
import { createStack } from '../support/stack.ts';

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';

const shown = ({ registry }: Metrics) => registry.metrics();

void t.test('an operator sees how much a verifier knows, how old it is, and why it refuses', async (t) => {
  const stack = await createStack(t);
  stack.issuer.end('0199aaaa-0000-4000-8000-000000000001');
  const { url, metrics } = await stack.api();
  await untilShown(metrics, /^token_verifier_revocations_age_seconds\{.*\} [0-9.]+$/m);
  const iat = Math.floor(Date.now() / 1000) - 900;
  const expired = await stack.issuer.issue({ iat, exp: iat + 800, auth_time: iat });
  t.equal((await fetch(`${url}/plans`, { headers: { authorization: `Bearer ${expired}` } })).status, 401);
  const text = await shown(metrics);
  t.match(text, /^token_verifier_keys\{.*\} 1$/m);
  t.match(text, /^token_verifier_keys_age_seconds\{.*\} [0-9.]+$/m);
  t.match(text, /^token_verifier_revoked_sessions\{.*\} 1$/m);
  t.match(text, /^token_verifier_refusals_total\{reason="expired".*\} 1$/m);
  t.match(text, /^token_verifier_refusals_total\{reason="revoked".*\} 0$/m, 'so that the first is an increase');
  t.match(text, /^token_verifier_failed_fetches_total\{what="keys".*\} 0$/m);
  t.match(text, /^token_verifier_failed_fetches_total\{what="revocations".*\} 0$/m);
  t.match(text, /^rate_limited_total\{limit="requests".*\} 0$/m);
});

void t.test('37: auth down: that the api cannot learn of keys and ended sessions is counted', async (t) => {
  const stack = await createStack(t);
  const { metrics } = await stack.api({ AUTH_SERVICE_URL: nowhere });
  await untilShown(metrics, /^token_verifier_failed_fetches_total\{what="keys".*\} [1-9]/m);
  await untilShown(metrics, /^token_verifier_failed_fetches_total\{what="revocations".*\} [1-9]/m);
  const text = await shown(metrics);
  t.match(text, /^token_verifier_keys\{.*\} 0$/m);
  t.match(text, /^token_verifier_keys_age_seconds\{.*\} Nan$/m, 'what was never had has no age');
  t.match(text, /^token_verifier_revocations_age_seconds\{.*\} Nan$/m);
});

void t.test('37: auth down: that a worker cannot learn which sessions ended is counted, and since when', async (t) => {
  const stack = await createStack(t);
  const person = await stack.person(await stack.api());
  await person.hasProfile();
  const idle = await stack.worker({ LLM_DEMO_PACE: '1' });
  await untilShown(idle.metrics, /^ended_sessions_failures_total\S* 0$/m);
  await idle.stop();
  await person.generate();
  const { metrics } = await stack.worker({ AUTH_SERVICE_URL: nowhere, LLM_DEMO_PACE: '1' });
  await untilShown(metrics, /^ended_sessions_failures_total\S* [1-9]/m);
  const ageOf = async () => Number(/^ended_sessions_age_seconds\S* ([0-9.e-]+)$/m.exec(await shown(metrics))?.[1]);
  const age = await ageOf();
  t.ok(age > 0);
  t.ok((await ageOf()) > age, 'it grows for as long as nothing is learned');
});

void t.test('the page for operators explains every metric of api and worker, and no other', async (t) => {
  const { database, issuer } = await createStack(t);
  const env = { DATABASE_URL: database.url, AUTH_URL: issuer.url };
  for (const [name, entry] of [
    ['api', 'main.ts'],
    ['worker', 'worker-main.ts'],
  ] as const) {
    const shown = await metricsOfProcess(new URL(`../../src/${entry}`, import.meta.url), env);
    t.strictSame(shown, await metricsOnPage(name));
  }
});

void t.test('the page for operators explains every limit of the api by its name in log and metric', async (t) => {
  const stack = await createStack(t);
  const { metrics } = await stack.api();
  const counted = Array.from(
    (await shown(metrics)).matchAll(/^rate_limited_total\{limit="([^"]+)"/gm),
    ([, name]) => name,
  );
  const page = new URL('../../../../docs/operations/proxies-and-limits.md', import.meta.url);
  const [, section = ''] = (await readFile(page, 'utf8')).split('\n## Limits of the api\n');
  const [table = ''] = section.split('\n## ');
  const explained = Array.from(table.matchAll(/^\| `([a-z:-]+)` +\|/gm), ([, name]) => name);
  t.strictSame(['published', 'requests', ...explained].sort(), counted.sort());
});

import { createMetrics } from '@alva/service-kit';
import { createTokenVerifier, TokenRejected } from '@alva/token-verifier';
import t from 'tap';
import { createStack } from '../support/stack.ts';
import { observeVerifier } from '../../src/verifier-metrics.ts';

void t.test('an operator sees how much a verifier knows, how old it is, and why it refuses', async (t) => {
  const { issuer } = await createStack(t);
  issuer.end('0199aaaa-0000-4000-8000-000000000001');
  const verifier = createTokenVerifier({ issuer: issuer.url, followRevocations: false });
  t.teardown(() => verifier.close());
  await verifier.verify(await issuer.issue());
  const metrics = createMetrics({ name: 'api' });
  const refused = observeVerifier(metrics, verifier);
  refused(new TokenRejected('expired'));
  const text = await metrics.registry.metrics();
  t.match(text, /^token_verifier_keys\{.*\} 1$/m);
  t.match(text, /^token_verifier_revoked_sessions\{.*\} 1$/m);
  t.match(text, /^token_verifier_revocations_age_seconds\{.*\} [0-9.]+$/m);
  t.match(text, /^token_verifier_refusals_total\{reason="expired".*\} 1$/m);
});

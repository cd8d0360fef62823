import type { Metrics } from '@alva/service-kit';
import { rejectionReasons, type KeysUnavailable, type TokenRejected, type TokenVerifier } from '@alva/token-verifier';
import { Counter, Gauge } from 'prom-client';

const fetched = ['keys', 'revocations'] as const;

/** Answers with whom to tell of every fetch that failed. */
export function countFailedFetches({ registry }: Metrics) {
  const failures = new Counter({
    name: 'token_verifier_failed_fetches_total',
    help: 'Times that auth did not answer as it should, by what it was asked for.',
    labelNames: ['what'] as const,
    registers: [registry],
  });
  for (const what of fetched) failures.inc({ what }, 0);
  return (what: (typeof fetched)[number]) => failures.inc({ what });
}

/** Shows how the verifier is doing; answers with whom to tell of every refusal. */
export function observeVerifier({ registry }: Metrics, verifier: Pick<TokenVerifier, 'state'>) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (state: ReturnType<TokenVerifier['state']>) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(verifier.state()));
      },
    });
  gauge('token_verifier_keys', 'Signing keys that verify tokens.', ({ keys }) => keys);
  gauge(
    'token_verifier_keys_age_seconds',
    'Time since the signing keys were last fetched from auth.',
    ({ keysAge = NaN }) => keysAge,
  );
  gauge('token_verifier_revoked_sessions', 'Sessions whose tokens are refused.', (state) => state.revokedSessions);
  gauge(
    'token_verifier_revocations_age_seconds',
    'Time since auth last confirmed the list of ended sessions.',
    ({ revocationsAge = NaN }) => revocationsAge,
  );
  const refusals = new Counter({
    name: 'token_verifier_refusals_total',
    help: 'Requests refused for their token, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of [...rejectionReasons, 'keys-unavailable']) refusals.inc({ reason }, 0);
  return (error: TokenRejected | KeysUnavailable) =>
    refusals.inc({ reason: 'reason' in error ? error.reason : error.problem });
}

import type { Metrics } from '@alva/service-kit';
import type { KeysUnavailable, TokenRejected, TokenVerifier } from '@alva/token-verifier';
import { Counter, Gauge } from 'prom-client';

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
  return (error: TokenRejected | KeysUnavailable) =>
    refusals.inc({ reason: 'reason' in error ? error.reason : error.problem });
}

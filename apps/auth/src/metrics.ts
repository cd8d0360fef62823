import { type Metrics } from '@alva/service-kit';
import { Counter, Gauge } from 'prom-client';
import { type Prunable } from './housekeeping/pruning.store.ts';

export interface AuthMetrics {
  countRefresh(outcome: 'rotated' | 'retried' | 'reused' | 'unknown' | 'over' | 'disabled' | 'hurried'): void;
  countSignIn(way: 'link' | 'code', outcome: 'succeeded' | 'refused'): void;
  countMail(outcome: 'sent' | 'expired' | 'refused' | 'failed'): void;
  setRevocationStreams(open: number): void;
  countPruned(what: Prunable, rows: number): void;
  countPruningFailure(what: Prunable): void;
  countKeyReloadFailure(): void;
  /** `age` in seconds; `usable` when what it signs is accepted. */
  observeSigningKey(key: { age: number; usable: boolean }): void;
}

export function createAuthMetrics({ registry }: Metrics): AuthMetrics {
  const registers = [registry];
  const refreshes = new Counter({
    name: 'auth_refreshes_total',
    help: 'Presented refresh tokens by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const signIns = new Counter({
    name: 'auth_sign_ins_total',
    help: 'Tries to sign in by way and outcome.',
    labelNames: ['way', 'outcome'],
    registers,
  });
  const mails = new Counter({
    name: 'auth_mails_total',
    help: 'Mails by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const pruningFailures = new Counter({
    name: 'auth_pruning_failures_total',
    help: 'Runs of the pruner that failed, by what was to be deleted.',
    labelNames: ['what'],
    registers,
  });
  const pruned = new Counter({
    name: 'auth_pruned_rows_total',
    help: 'Rows deleted because nobody needs them any more.',
    labelNames: ['what'],
    registers,
  });
  const keyReloadFailures = new Counter({
    name: 'auth_signing_key_reload_failures_total',
    help: 'Times the signing keys could not be read, or read but not opened.',
    registers,
  });
  const signingKeyAge = new Gauge({
    name: 'auth_signing_key_age_seconds',
    help: 'How long the present key has been signing.',
    registers,
  });
  const signingKeyUsable = new Gauge({
    name: 'auth_signing_keys_usable',
    help: '1 while this copy can sign tokens that are accepted, 0 while it cannot and has to be restarted.',
    registers,
  });
  const streams = new Gauge({
    name: 'auth_revocation_streams',
    help: 'Verifiers that follow the ends of sessions by an event stream now.',
    registers,
  });
  return {
    countRefresh: (outcome) => refreshes.inc({ outcome }),
    countSignIn: (way, outcome) => signIns.inc({ way, outcome }),
    countMail: (outcome) => mails.inc({ outcome }),
    setRevocationStreams: (open) => streams.set(open),
    countPruned: (what, rows) => pruned.inc({ what }, rows),
    countPruningFailure: (what) => pruningFailures.inc({ what }),
    countKeyReloadFailure: () => keyReloadFailures.inc(),
    observeSigningKey: ({ age, usable }) => {
      signingKeyAge.set(age);
      signingKeyUsable.set(usable ? 1 : 0);
    },
  };
}

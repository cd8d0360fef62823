import { type Metrics } from '@alva/service-kit';
import { type AuditEvent } from '@alva/shared-types';
import { Counter, Gauge } from 'prom-client';
import { limitNames } from './limits.ts';
import { prunables, type Prunable } from './housekeeping/pruning.store.ts';

const refreshOutcomes = ['rotated', 'retried', 'reused', 'unknown', 'over', 'disabled', 'expired', 'hurried'] as const;
const ways = ['link', 'code'] as const;
const signInOutcomes = ['succeeded', 'second-factor-asked', 'refused'] as const;
const refusalEvents = ['administration-refused', 'client-refused', 'limit-reached'] as const satisfies AuditEvent[];
const refusalOutcomes = ['written', 'spared', 'failed'] as const;
const mailOutcomes = ['sent', 'expired', 'refused', 'failed'] as const;

/** Ways to show who one is, as metrics and the audit trail call them. */
export type WayIn = (typeof ways)[number];

/** What is refused to people, services and addresses, as the audit trail calls it. */
export type RefusalEvent = (typeof refusalEvents)[number];

export interface AuthMetrics {
  countRefresh(outcome: (typeof refreshOutcomes)[number]): void;
  countSignIn(way: WayIn, outcome: (typeof signInOutcomes)[number]): void;
  countMail(outcome: (typeof mailOutcomes)[number]): void;
  setRevocationStreams(open: number): void;
  countPruned(what: Prunable, rows: number): void;
  countPruningFailure(what: Prunable): void;
  countFailedAnnouncement(): void;
  /** Whether a refusal came into the audit trail; `spared` when the like was there already. */
  countRefusal(event: RefusalEvent, outcome: (typeof refusalOutcomes)[number]): void;
  countKeyReloadFailure(): void;
  /** `age` in seconds; `usable` when what it signs is accepted. */
  observeSigningKey(key: { age: number; usable: boolean }): void;
}

export function createAuthMetrics(metrics: Metrics): AuthMetrics {
  const registers = [metrics.registry];
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
  const prunedAt = new Gauge({
    name: 'auth_pruned_timestamp_seconds',
    help: 'When this copy last deleted all there was to delete, in seconds since 1970; 0 before the first time.',
    labelNames: ['what'],
    registers,
  });
  const failedAnnouncements = new Counter({
    name: 'auth_failed_announcements_total',
    help: 'Ends of sessions that no message told of: verifiers learn them from the list, up to 30 s later.',
    registers,
  });
  const refusals = new Counter({
    name: 'auth_audit_refusals_total',
    help: 'Refusals of the kinds that the audit trail keeps in part, by whether they were written into it.',
    labelNames: ['event', 'outcome'],
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
  // The first of its kind is an increase, too, which nobody could see where there was no series before.
  metrics.expectLimits(Object.values(limitNames));
  for (const outcome of refreshOutcomes) refreshes.inc({ outcome }, 0);
  for (const way of ways) for (const outcome of signInOutcomes) signIns.inc({ way, outcome }, 0);
  for (const outcome of mailOutcomes) mails.inc({ outcome }, 0);
  for (const event of refusalEvents) for (const outcome of refusalOutcomes) refusals.inc({ event, outcome }, 0);
  for (const what of prunables) {
    pruned.inc({ what }, 0);
    pruningFailures.inc({ what }, 0);
    prunedAt.set({ what }, 0);
  }
  return {
    countRefresh: (outcome) => refreshes.inc({ outcome }),
    countSignIn: (way, outcome) => signIns.inc({ way, outcome }),
    countMail: (outcome) => mails.inc({ outcome }),
    setRevocationStreams: (open) => streams.set(open),
    countPruned: (what, rows) => {
      pruned.inc({ what }, rows);
      prunedAt.setToCurrentTime({ what });
    },
    countPruningFailure: (what) => pruningFailures.inc({ what }),
    countFailedAnnouncement: () => failedAnnouncements.inc(),
    countRefusal: (event, outcome) => refusals.inc({ event, outcome }),
    countKeyReloadFailure: () => keyReloadFailures.inc(),
    observeSigningKey: ({ age, usable }) => {
      signingKeyAge.set(age);
      signingKeyUsable.set(usable ? 1 : 0);
    },
  };
}

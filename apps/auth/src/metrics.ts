import { type Metrics } from '@alva/service-kit';
import { providerNames, type AuditEvent } from '@alva/shared-types';
import { stepUpWays, type StepUpWay } from '@alva/validation';
import { Counter, Gauge, Histogram } from 'prom-client';
import { limitNames } from './limits.ts';
import { prunables, type Prunable } from './housekeeping/pruning.store.ts';

const refreshOutcomes = ['rotated', 'retried', 'reused', 'unknown', 'over', 'disabled', 'expired', 'hurried'] as const;
export const ways = [
  'link',
  'code',
  'approval',
  'password',
  'verification',
  ...providerNames,
  'passkey',
  'totp',
  'recovery-code',
] as const;
const signInOutcomes = ['succeeded', 'second-factor-asked', 'refused', 'unavailable'] as const;
const stepUpOutcomes = ['succeeded', 'refused'] as const;
const approvalOutcomes = ['approved', 'refused'] as const;
const refusalEvents = ['administration-refused', 'client-refused', 'limit-reached'] as const satisfies AuditEvent[];
const refusalOutcomes = ['written', 'spared', 'failed'] as const;
const mailOutcomes = [
  'sent',
  'failed',
  'refused',
  'expired',
  'withheld',
  'delivered',
  'bounced',
  'complained',
] as const;
const mailReportOutcomes = ['recorded', 'repeated', 'ignored', 'unsigned'] as const;
const accountChanges = [
  'email-change-asked',
  'email-changed',
  'email-change-undone',
  'export-made',
  'export-failed',
  'deletion-asked',
  'deletion-cancelled',
  'account-deleted',
] as const;

/** Ways to show who one is, as metrics and the audit trail call them. */
export type WayIn = (typeof ways)[number];

/** What is refused to people, services and addresses, as the audit trail calls it. */
export type RefusalEvent = (typeof refusalEvents)[number];

export interface AuthMetrics {
  countRefresh(outcome: (typeof refreshOutcomes)[number]): void;
  countSignIn(way: WayIn, outcome: (typeof signInOutcomes)[number]): void;
  /** A browser that waits was let in, or not, by a link opened elsewhere. */
  countApproval(outcome: (typeof approvalOutcomes)[number]): void;
  countMail(outcome: (typeof mailOutcomes)[number]): void;
  /** Seconds from being queued until somebody took it. */
  observeMailWait(seconds: number): void;
  /** `findAge` is asked whenever the page is: seconds for which the oldest mail has waited. */
  watchQueuedMail(findAge: () => Promise<number>): void;
  setMailTransport(transport: string, usable: boolean): void;
  /** What a message of the provider was good for. */
  countMailReport(outcome: (typeof mailReportOutcomes)[number]): void;
  countAccountChange(change: (typeof accountChanges)[number]): void;
  /** People who are gone here and whom the api has not forgotten yet; `age` in seconds of the oldest. */
  observeUntoldDeletions(untold: { count: number; age: number }): void;
  setRevocationStreams(open: number): void;
  countPruned(what: Prunable, rows: number): void;
  countPruningFailure(what: Prunable): void;
  countFailedAnnouncement(): void;
  countStepUp(way: StepUpWay, outcome: (typeof stepUpOutcomes)[number]): void;
  /** An authenticator secret that another key sealed. */
  countUnreadableSecret(): void;
  /** A password that could not be hashed in time. */
  countRefusedHash(): void;
  /** A password that was hashed anew after a sign-in. */
  countRehash(): void;
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
  const approvals = new Counter({
    name: 'auth_sign_in_approvals_total',
    help: 'Tries to let a waiting browser in with a link opened elsewhere, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const stepUps = new Counter({
    name: 'auth_step_ups_total',
    help: 'Tries to show once more who one is, by way and outcome.',
    labelNames: ['way', 'outcome'],
    registers,
  });
  const unreadableSecrets = new Counter({
    name: 'auth_unreadable_authenticator_secrets_total',
    help: 'Codes of authenticator apps that could not be checked, because their secret is sealed under another key.',
    registers,
  });
  const mails = new Counter({
    name: 'auth_mails_total',
    help: 'Mails by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const mailWaits = new Histogram({
    name: 'auth_mail_wait_seconds',
    help: 'How long mails waited until somebody took them.',
    buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300, 900, 3600],
    registers,
  });
  const mailTransports = new Gauge({
    name: 'auth_mail_transport_usable',
    help: '1 while mail goes out this way, 0 while it is passed over because it failed.',
    labelNames: ['transport'],
    registers,
  });
  const mailReports = new Counter({
    name: 'auth_mail_reports_total',
    help: 'Messages of the mail provider about mails it took.',
    labelNames: ['outcome'],
    registers,
  });
  const changes = new Counter({
    name: 'auth_account_changes_total',
    help: 'What people did to their accounts.',
    labelNames: ['change'],
    registers,
  });
  const untoldDeletions = new Gauge({
    name: 'auth_untold_deletions',
    help: 'Deleted people whom the api has not forgotten yet.',
    registers,
  });
  const untoldDeletionAge = new Gauge({
    name: 'auth_untold_deletion_age_seconds',
    help: 'How long the api has owed it to forget somebody, at most.',
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
  const refusedHashes = new Counter({
    name: 'auth_password_hashes_refused_total',
    help: 'Passwords that were not hashed because too many waited for it: answered with 503.',
    registers,
  });
  const rehashes = new Counter({
    name: 'auth_password_rehashes_total',
    help: 'Passwords hashed anew at a sign-in, because they came from another system or the cost was changed.',
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
  for (const outcome of approvalOutcomes) approvals.inc({ outcome }, 0);
  for (const way of stepUpWays) for (const outcome of stepUpOutcomes) stepUps.inc({ way, outcome }, 0);
  for (const change of accountChanges) changes.inc({ change }, 0);
  for (const outcome of mailOutcomes) mails.inc({ outcome }, 0);
  for (const outcome of mailReportOutcomes) mailReports.inc({ outcome }, 0);
  for (const event of refusalEvents) for (const outcome of refusalOutcomes) refusals.inc({ event, outcome }, 0);
  for (const what of prunables) {
    pruned.inc({ what }, 0);
    pruningFailures.inc({ what }, 0);
    prunedAt.set({ what }, 0);
  }
  return {
    countRefresh: (outcome) => refreshes.inc({ outcome }),
    countSignIn: (way, outcome) => signIns.inc({ way, outcome }),
    countApproval: (outcome) => approvals.inc({ outcome }),
    countMail: (outcome) => mails.inc({ outcome }),
    observeMailWait: (seconds) => mailWaits.observe(seconds),
    watchQueuedMail: (findAge) => {
      new Gauge({
        name: 'auth_mail_queued_age_seconds',
        help: 'How long the oldest mail has waited that may still be sent, whether or not its queue knows of it; NaN while Postgres does not answer.',
        registers,
        async collect() {
          this.set(await findAge().catch(() => NaN));
        },
      });
    },
    setMailTransport: (transport, usable) => mailTransports.set({ transport }, usable ? 1 : 0),
    countMailReport: (outcome) => mailReports.inc({ outcome }),
    countAccountChange: (change) => changes.inc({ change }),
    observeUntoldDeletions: ({ count, age }) => {
      untoldDeletions.set(count);
      untoldDeletionAge.set(age);
    },
    setRevocationStreams: (open) => streams.set(open),
    countPruned: (what, rows) => {
      pruned.inc({ what }, rows);
      prunedAt.setToCurrentTime({ what });
    },
    countPruningFailure: (what) => pruningFailures.inc({ what }),
    countFailedAnnouncement: () => failedAnnouncements.inc(),
    countStepUp: (way, outcome) => stepUps.inc({ way, outcome }),
    countUnreadableSecret: () => unreadableSecrets.inc(),
    countRefusedHash: () => refusedHashes.inc(),
    countRehash: () => rehashes.inc(),
    countRefusal: (event, outcome) => refusals.inc({ event, outcome }),
    countKeyReloadFailure: () => keyReloadFailures.inc(),
    observeSigningKey: ({ age, usable }) => {
      signingKeyAge.set(age);
      signingKeyUsable.set(usable ? 1 : 0);
    },
  };
}

import { type Metrics } from '@alva/service-kit';
import { Counter } from 'prom-client';

export interface AuthMetrics {
  countRefresh(outcome: 'rotated' | 'retried' | 'reused' | 'unknown' | 'over' | 'disabled' | 'hurried'): void;
  countSignIn(way: 'link' | 'code', outcome: 'succeeded' | 'refused'): void;
  countMail(outcome: 'sent' | 'expired' | 'refused' | 'failed'): void;
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
  return {
    countRefresh: (outcome) => refreshes.inc({ outcome }),
    countSignIn: (way, outcome) => signIns.inc({ way, outcome }),
    countMail: (outcome) => mails.inc({ outcome }),
  };
}

import { createLimiter, type Counters, type Limiter } from '@alva/service-kit';
import type { ApiConfig } from '../config.ts';

export const guestLimitNames = { sessions: 'guest-sessions', questions: 'guest-questions' } as const;

/** What one network address may do without an account, whoever it is: a guest is made for nothing, an address is not. */
export interface GuestLimits {
  readonly sessions: Limiter;
  readonly questions: Limiter;
}

type GuestLimitConfig = Pick<ApiConfig, 'GUEST_SESSION_LIMIT' | 'GUEST_QUESTION_LIMIT'>;

export function createGuestLimits(config: GuestLimitConfig, counters: Counters): GuestLimits {
  return {
    sessions: createLimiter({ counters, name: guestLimitNames.sessions, ...config.GUEST_SESSION_LIMIT }),
    questions: createLimiter({ counters, name: guestLimitNames.questions, ...config.GUEST_QUESTION_LIMIT }),
  };
}

'use client';
import { useServices } from '../providers/services-provider.tsx';
import { keepAttempt, type Attempt } from './attempt.ts';

/** Asks for a mail and remembers that this browser asked. */
export function useSendLink() {
  const { session } = useServices();
  return async (email: string, next: string): Promise<Attempt> => {
    const { attemptId, resendAfter, expiresIn } = await session.sendMagicLink({ email, redirectTo: next });
    const attempt: Attempt = {
      id: attemptId,
      email,
      next,
      resendAt: Date.now() + resendAfter * 1000,
      expiresAt: Date.now() + expiresIn * 1000,
    };
    await keepAttempt(attempt);
    return attempt;
  };
}

'use client';
import { type SendMagicLinkAnswer } from '@alva/validation';
import { useServices } from '../providers/services-provider.tsx';
import { keepAttempt, type Attempt } from './attempt.ts';

/** Asks for a mail and remembers that this browser asked. */
export function useSendLink() {
  const { session } = useServices();
  return async (email: string, next: string): Promise<Attempt> =>
    remember(email, next, await session.sendMagicLink({ email, redirectTo: next }));
}

/** The same with what the account shall begin with. */
export function useRegister() {
  const { session } = useServices();
  return async (body: { email: string; name?: string; password: string }, next: string): Promise<Attempt> =>
    remember(body.email, next, await session.register({ ...body, redirectTo: next }));
}

async function remember(email: string, next: string, answer: SendMagicLinkAnswer): Promise<Attempt> {
  const { attemptId, resendAfter, expiresIn } = answer;
  const attempt: Attempt = {
    id: attemptId,
    email,
    next,
    resendAt: Date.now() + resendAfter * 1000,
    expiresAt: Date.now() + expiresIn * 1000,
  };
  await keepAttempt(attempt);
  return attempt;
}

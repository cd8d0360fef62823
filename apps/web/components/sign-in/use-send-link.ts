'use client';
import { type SendMagicLinkAnswer } from '@alva/validation';
import { useServices } from '../providers/services-provider.tsx';
import { keepAttempt, type Attempt } from './attempt.ts';

export type Wanted = Pick<Attempt, 'email' | 'next' | 'registers'>;

/** Asks for a mail and remembers that this browser asked. */
export function useSendLink() {
  const { session } = useServices();
  return async ({ email, next, registers }: Wanted): Promise<Attempt> => {
    const body = { email, redirectTo: next };
    // To register with nothing but the address has what this browser registered before mailed once more.
    const answer = await (registers ? session.register(body) : session.sendMagicLink(body));
    return remember({ email, next, registers }, answer);
  };
}

/** The same with what the account shall begin with. */
export function useRegister() {
  const { session } = useServices();
  return async (body: { email: string; name?: string; password: string }, next: string): Promise<Attempt> =>
    remember({ email: body.email, next, registers: true }, await session.register({ ...body, redirectTo: next }));
}

async function remember(wanted: Wanted, answer: SendMagicLinkAnswer): Promise<Attempt> {
  const { attemptId, resendAfter, expiresIn } = answer;
  const attempt: Attempt = {
    ...wanted,
    id: attemptId,
    resendAt: Date.now() + resendAfter * 1000,
    expiresAt: Date.now() + expiresIn * 1000,
  };
  await keepAttempt(attempt);
  return attempt;
}

'use client';
import { ServiceProblem } from '@alva/api-client';
import { toast } from '@alva/ui';
import { useState } from 'react';
import { tell } from '../../lib/problems.ts';
import { keepAttempt, type Attempt } from './attempt.ts';
import { useCountdown } from './use-countdown.ts';
import { useSendLink } from './use-send-link.ts';

/** Sends the mail of a sign-in once more, and knows in how many seconds it may. */
export function useResend(attempt: Attempt, onResent: (attempt: Attempt) => void) {
  const sendLink = useSendLink();
  const [pending, setPending] = useState(false);
  const seconds = useCountdown(attempt.resendAt);

  async function resend() {
    setPending(true);
    try {
      onResent(await sendLink(attempt));
      toast({ title: 'Sent again', description: 'Only the newest link and code work.' });
    } catch (error) {
      const { title, detail } = tell(error);
      if (error instanceof ServiceProblem && error.retryAfter !== undefined) {
        const later = { ...attempt, resendAt: Date.now() + error.retryAfter * 1000 };
        await keepAttempt(later);
        onResent(later);
      }
      toast({ title, description: detail });
    } finally {
      setPending(false);
    }
  }

  return { resend, pending, seconds };
}

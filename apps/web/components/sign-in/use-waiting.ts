'use client';
import { ServiceProblem } from '@alva/api-client';
import { useEffect, useState } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';

export type Waiting =
  | { name: 'asking' }
  | { name: 'waiting'; number: string }
  | { name: 'entering' }
  /** Expired, used elsewhere or replaced: nothing will come of it. */
  | { name: 'over' }
  | { name: 'refused'; problem: Told };

const [soonest, latest] = [2_000, 10_000];

/**
 * Waits for the link to be opened elsewhere, and signs this browser in once it was let in. Asks ever more seldom, not at
 * all while nobody looks, and at once when somebody comes back: most likely from their mail.
 */
export function useWaiting(attemptId: string): Waiting {
  const { session } = useServices();
  const [waiting, setWaiting] = useState<Waiting>({ name: 'asking' });

  useEffect(() => {
    let pause = soonest;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leaving = new AbortController();
    const hasLeft = () => leaving.signal.aborted;
    let asking = false;

    async function ask() {
      if (asking || hasLeft() || document.hidden) return;
      asking = true;
      clearTimeout(timer);
      const next = await look().catch(afterFailure);
      asking = false;
      if (hasLeft()) return;
      if (next !== undefined) setWaiting(next);
      if (next === undefined || next.name === 'waiting') timer = setTimeout(() => void ask(), pause);
      pause = Math.min(pause * 1.15, latest);
    }

    async function look(): Promise<Waiting> {
      const { state, number } = await session.lookAtAttempt(attemptId);
      if (state === 'pending') return { name: 'waiting', number };
      if (state === 'expired') return { name: 'over' };
      if (!hasLeft()) setWaiting({ name: 'entering' });
      await session.completeAttempt(attemptId);
      return { name: 'entering' };
    }

    /** Undefined: worth another try. */
    function afterFailure(error: unknown): Waiting | undefined {
      const code = problemCode(error);
      if (!(error instanceof ServiceProblem) || error.status >= 500 || code === 'attempt-pending') return undefined;
      if (error.status === 429) {
        pause = Math.max(pause, (error.retryAfter ?? 10) * 1000);
        return undefined;
      }
      // Another tab of this browser may have been quicker; then its session shows here as well.
      if (code === 'attempt-unknown' || code?.startsWith('link-')) return { name: 'over' };
      return { name: 'refused', problem: tell(error) };
    }

    const lookAgain = () => {
      pause = soonest;
      void ask();
    };
    document.addEventListener('visibilitychange', lookAgain);
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookAgain);
    };
  }, [session, attemptId]);

  return waiting;
}

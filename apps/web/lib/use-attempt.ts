import { useCallback, useState } from 'react';
import { StepUpDeclined, useStepUp } from '../components/step-up/step-up-provider.tsx';
import { tell, type Told } from './problems.ts';

/**
 * One thing a person tries: whether it is under way, and what is to be told when it failed. What wants a recent sign-in asks
 * for it; somebody who would rather not has cancelled, which is no failure.
 */
export function useAttempt() {
  const stepUp = useStepUp();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();

  const attempt = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      setPending(true);
      setProblem(undefined);
      try {
        await stepUp(work);
        return true;
      } catch (error) {
        if (!(error instanceof StepUpDeclined)) setProblem(tell(error));
        return false;
      } finally {
        setPending(false);
      }
    },
    [stepUp],
  );

  return { attempt, pending, problem };
}

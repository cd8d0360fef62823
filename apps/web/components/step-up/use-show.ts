'use client';
import { type StepUpBody } from '@alva/validation';
import { useState } from 'react';
import { PasskeyCancelled } from '../../lib/passkeys.ts';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';

export interface WayProps {
  onDone: () => void;
}

export const failed = 'That did not work';

/** Shows one thing, and says what came of it: `wrong` is for the field, `problem` for everything else. */
export function useShow(onDone: () => void) {
  const { session } = useServices();
  const [pending, setPending] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Told>();

  async function show(prepare: () => Promise<StepUpBody> | StepUpBody) {
    setPending(true);
    setWrong(false);
    setProblem(undefined);
    try {
      await session.security.stepUp(await prepare());
      onDone();
    } catch (error) {
      const told = tell(error);
      if (problemCode(error) === 'step-up-failed') {
        if (told.detail === '') setWrong(true);
        else setProblem({ ...told, title: failed });
      } else if (!(error instanceof PasskeyCancelled)) setProblem(told);
      setPending(false);
    }
  }
  return { show, pending, wrong, setWrong, problem };
}

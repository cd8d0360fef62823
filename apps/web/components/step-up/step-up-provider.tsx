'use client';
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { problemCode } from '../../lib/problems.ts';
import { StepUpDialog } from './step-up-dialog.tsx';

/** Somebody who was asked to show who they are would rather not: nothing was done, and there is nothing to tell. */
export class StepUpDeclined extends Error {
  override readonly name = 'StepUpDeclined';
}

type StepUp = <Value>(action: () => Promise<Value>) => Promise<Value>;

const StepUpContext = createContext<StepUp | null>(null);

/** Keeps one dialog for all pages below that do what wants a recent sign-in. */
export function StepUpProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const waiting = useRef<{ resolve: () => void; reject: (error: unknown) => void }>(null);

  const ask = useCallback(
    () =>
      new Promise<void>((resolve, reject) => {
        waiting.current?.reject(new StepUpDeclined());
        waiting.current = { resolve, reject };
        setOpen(true);
      }),
    [],
  );

  const stepUp = useCallback<StepUp>(
    async (action) => {
      try {
        return await action();
      } catch (error) {
        if (problemCode(error) !== 'step-up-required') throw error;
        await ask();
        return await action();
      }
    },
    [ask],
  );

  const settle = useMemo(
    () => ({
      done: () => {
        waiting.current?.resolve();
        waiting.current = null;
        setOpen(false);
      },
      decline: () => {
        waiting.current?.reject(new StepUpDeclined());
        waiting.current = null;
        setOpen(false);
      },
    }),
    [],
  );

  return (
    <StepUpContext value={stepUp}>
      {children}
      <StepUpDialog open={open} onDone={settle.done} onDecline={settle.decline} />
    </StepUpContext>
  );
}

/**
 * Does something that may want a recent sign-in: when it is refused for that (`step-up-required`), the person shows once more
 * who they are, and it is done again. Rejects with `StepUpDeclined` when they would rather not.
 */
export function useStepUp(): StepUp {
  const stepUp = use(StepUpContext);
  if (stepUp === null) throw new Error('useStepUp needs a StepUpProvider above it');
  return stepUp;
}

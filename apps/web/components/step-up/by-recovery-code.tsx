'use client';
import { Button } from '@alva/ui';
import { recoveryCode } from '@alva/validation';
import { useState, type SubmitEvent } from 'react';
import { ProblemCallout } from '../problem-callout.tsx';
import { RecoveryCodeField } from '../sign-in/recovery-code-field.tsx';
import { useShow, type WayProps } from './use-show.ts';

export function ByRecoveryCode({ onDone }: WayProps) {
  const { show, pending, wrong, setWrong, problem } = useShow(onDone);
  const [code, setCode] = useState('');
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        const { data } = recoveryCode.safeParse(code);
        if (data === undefined) setWrong(true);
        else void show(() => ({ recoveryCode: data }));
      }}
    >
      <RecoveryCodeField
        value={code}
        onChange={setCode}
        error={wrong ? 'This code is not right, or was used already.' : undefined}
      />
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Go on
      </Button>
    </form>
  );
}

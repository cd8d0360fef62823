'use client';
import { Button } from '@alva/ui';
import { recoveryCode } from '@alva/validation';
import { useState, type SubmitEvent } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { RecoveryCodeField } from './recovery-code-field.tsx';

export function RecoveryCodeForm({ onOver }: { onOver: () => void }) {
  const { session } = useServices();
  const [code, setCode] = useState('');
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { data } = recoveryCode.safeParse(code);
    setInvalid(data === undefined ? 'A recovery code has twenty letters and digits.' : undefined);
    setProblem(undefined);
    if (data === undefined) return;
    setPending(true);
    try {
      await session.verifySecondFactor({ recoveryCode: data });
    } catch (error) {
      if (problemCode(error) === 'challenge-unknown') onOver();
      else if (problemCode(error) === 'code-invalid') setInvalid('This code is not right, or was used already.');
      else setProblem(tell(error));
      setPending(false);
    }
  }

  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      <RecoveryCodeField value={code} onChange={setCode} error={invalid} />
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Sign in
      </Button>
    </form>
  );
}

'use client';
import { CodeField } from '@alva/ui';
import { useState } from 'react';
import { problemCode, tell } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';

/** Submits itself once six digits are there. Success shows by the session, which the page watches. */
export function AppCodeForm({ onOver }: { onOver: () => void }) {
  const { session } = useServices();
  const [code, setCode] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(complete: string) {
    setPending(true);
    setError(undefined);
    try {
      await session.verifySecondFactor({ code: complete });
    } catch (problem) {
      if (problemCode(problem) === 'challenge-unknown') onOver();
      setCode('');
      setError(explainCode(problem));
      setPending(false);
    }
  }

  return (
    <div>
      <CodeField
        label="Code from your app"
        length={6}
        digits
        autoFocus
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => void submit(complete)}
        error={error}
      />
      <p role="status" className="mt-2 text-sm text-muted empty:hidden">
        {pending ? 'Signing you in…' : error === undefined && 'It changes every 30 seconds.'}
      </p>
    </div>
  );
}

function explainCode(problem: unknown): string {
  const { title, detail } = tell(problem);
  if (problemCode(problem) !== 'code-invalid') return `${title}. ${detail}`;
  return detail || 'This code is not right, or was used already. Wait for the next one.';
}

'use client';
import { CodeField } from '@alva/ui';
import { useState } from 'react';
import { problemCode, tell } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';

/** Submits itself once six characters are there. Success shows by the session, which the sign-in page watches. */
export function CodeForm({ attemptId }: { attemptId: string }) {
  const { session } = useServices();
  const [code, setCode] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(complete: string) {
    setPending(true);
    setError(undefined);
    try {
      await session.verifyMagicLink({ attemptId, code: complete });
    } catch (problem) {
      setCode('');
      setError(explain(problem));
      setPending(false);
    }
  }

  return (
    <div>
      <CodeField
        label="Sign-in code"
        length={6}
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => void submit(complete)}
        error={error}
      />
      <p role="status" className="mt-2 text-sm text-muted empty:hidden">
        {pending && 'Signing you in…'}
      </p>
    </div>
  );
}

const explanations: Record<string, string> = {
  'code-invalid': 'This code is not right. Check the newest mail and try again.',
  'link-expired': 'This code has expired. Send a new one.',
  'link-used': 'This code was used already. Send a new one.',
  'link-superseded': 'A newer mail was sent; only its code works.',
  'attempt-unknown': 'This browser did not ask for that code. Send a new one.',
};

function explain(problem: unknown): string {
  const known = explanations[problemCode(problem) ?? ''];
  if (known !== undefined) return known;
  const { title, detail } = tell(problem);
  return `${title}. ${detail}`;
}

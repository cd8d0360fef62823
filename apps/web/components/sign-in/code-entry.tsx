'use client';
import { CodeField } from '@alva/ui';
import { useState } from 'react';

interface CodeEntryProps {
  label: string;
  digits?: boolean;
  autoFocus?: boolean;
  /** Said below while nothing is under way and nothing is wrong. */
  hint?: string;
  verify: (code: string) => Promise<unknown>;
  explain: (problem: unknown) => string;
}

/** Submits itself once six characters are there. Success shows by the session, which the page watches. */
export function CodeEntry({ label, digits = false, autoFocus = false, hint, verify, explain }: CodeEntryProps) {
  const [code, setCode] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(complete: string) {
    setPending(true);
    setError(undefined);
    try {
      await verify(complete);
    } catch (problem) {
      setCode('');
      setError(explain(problem));
      setPending(false);
    }
  }

  return (
    <div>
      <CodeField
        label={label}
        length={6}
        digits={digits}
        autoFocus={autoFocus}
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => void submit(complete)}
        error={error}
      />
      <p role="status" className="mt-2 text-sm text-muted empty:hidden">
        {pending ? 'Signing you in…' : error === undefined && hint}
      </p>
    </div>
  );
}

'use client';
import { CodeField } from '@alva/ui';
import { useState } from 'react';
import { type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';

interface CodeFormProps {
  label: string;
  hint?: string;
  digits?: boolean;
  pending: boolean;
  wrong: string | false;
  problem: Told | undefined;
  onComplete: (code: string) => void;
}

export function CodeForm({ label, hint, digits = false, pending, wrong, problem, onComplete }: CodeFormProps) {
  const [code, setCode] = useState('');
  return (
    <div className="grid gap-3">
      {hint !== undefined && <p className="text-sm wrap-anywhere text-muted">{hint}</p>}
      <CodeField
        label={label}
        length={6}
        digits={digits}
        autoFocus
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => {
          setCode('');
          onComplete(complete);
        }}
        error={wrong === false ? undefined : wrong}
      />
      <ProblemCallout problem={problem} />
    </div>
  );
}

'use client';
import { Button } from '@alva/ui';
import { useState, type SubmitEvent } from 'react';
import { ProblemCallout } from '../problem-callout.tsx';
import { useUser } from '../session/use-session.ts';
import { CurrentPasswordField } from '../sign-in/current-password-field.tsx';
import { useShow, type WayProps } from './use-show.ts';

export function ByPassword({ onDone }: WayProps) {
  const user = useUser();
  const { show, pending, wrong, problem } = useShow(onDone);
  const [password, setPassword] = useState('');
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (password !== '') void show(() => ({ password }));
      }}
    >
      {/* Not shown: it tells password managers which account this is. */}
      <input type="text" name="username" autoComplete="username" value={user?.email ?? ''} readOnly hidden />
      <CurrentPasswordField
        value={password}
        onChange={setPassword}
        error={wrong ? 'This is not your password.' : undefined}
        autoFocus
      />
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Go on
      </Button>
    </form>
  );
}

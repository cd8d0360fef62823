'use client';
import { Button, Field, PasswordInput } from '@alva/ui';
import { useState, type SubmitEvent } from 'react';
import { ProblemCallout } from '../problem-callout.tsx';
import { useUser } from '../session/use-session.ts';
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
      <Field label="Password" error={wrong ? 'This is not your password.' : undefined}>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Go on
      </Button>
    </form>
  );
}

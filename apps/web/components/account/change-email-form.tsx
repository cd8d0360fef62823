'use client';
import { Button, Field, Input } from '@alva/ui';
import { emailAddress } from '@alva/validation';
import { useState, type SubmitEvent } from 'react';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';

interface ChangeEmailFormProps {
  current: string;
  onCancel: () => void;
  onAsked: () => Promise<void>;
}

export function ChangeEmailForm({ current, onCancel, onAsked }: ChangeEmailFormProps) {
  const { session } = useServices();
  const { attempt, pending, problem } = useAttempt();
  const [email, setEmail] = useState('');
  const [invalid, setInvalid] = useState<string>();

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { data: address } = emailAddress.safeParse(email.trim());
    if (address === undefined || address === current) {
      setInvalid(
        address === undefined
          ? 'This is not a complete e-mail address, like name@example.com.'
          : 'This is your address already.',
      );
      event.currentTarget.querySelector('input')?.focus();
      return;
    }
    setInvalid(undefined);
    if (await attempt(() => session.account.changeEmail(address))) await onAsked();
  }

  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      <Field
        label="New e-mail address"
        hint="We mail a link to it and to the current one. Open both within a day."
        error={invalid}
      >
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="email"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={pending}>
          Send both links
        </Button>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

'use client';
import { Button, Callout, Field, Input } from '@alva/ui';
import { emailAddress } from '@alva/validation';
import { ArrowRight } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { type Attempt } from './attempt.ts';
import { SignInCard } from './sign-in-card.tsx';
import { useSendLink } from './use-send-link.ts';

interface EmailFormProps {
  next: string;
  initialEmail: string;
  onSent: (attempt: Attempt) => void;
}

export function EmailForm({ next, initialEmail, onSent }: EmailFormProps) {
  const sendLink = useSendLink();
  const [email, setEmail] = useState(initialEmail);
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { data: address } = emailAddress.safeParse(email.trim());
    if (address === undefined) {
      setInvalid(
        email.trim() === ''
          ? 'Enter your e-mail address.'
          : 'This is not a complete e-mail address, like name@example.com.',
      );
      event.currentTarget.querySelector('input')?.focus();
      return;
    }
    setInvalid(undefined);
    setProblem(undefined);
    setPending(true);
    try {
      onSent(await sendLink(address, next));
    } catch (error) {
      setProblem(tell(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <SignInCard
      title="Sign in to Alva"
      lead="We mail you a link and a code. No password, and a new address simply becomes an account."
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <Field label="E-mail address" error={invalid}>
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="email"
              inputMode="email"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              placeholder="you@company.com"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        {problem !== undefined && (
          <Callout tone="danger" role="alert" title={problem.title}>
            {problem.detail}
          </Callout>
        )}
        <Button type="submit" size="lg" block pending={pending}>
          Continue <ArrowRight aria-hidden="true" />
        </Button>
      </form>
    </SignInCard>
  );
}

'use client';
import { Button } from '@alva/ui';
import { ArrowRight } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { type Attempt } from './attempt.ts';
import { EmailField, readEmail } from './email-field.tsx';
import { OtherWays } from './other-ways.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { usePasskeySignIn } from './use-passkey-sign-in.ts';
import { useSendLink } from './use-send-link.ts';

interface EmailFormProps {
  next: string;
  initialEmail: string;
  onSent: (attempt: Attempt) => void;
  /** Takes along what was typed. */
  onPassword: (email: string) => void;
}

export function EmailForm({ next, initialEmail, onSent, onPassword }: EmailFormProps) {
  const sendLink = useSendLink();
  const [email, setEmail] = useState(initialEmail);
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);
  const passkey = usePasskeySignIn({ autofill: true });
  const refusal = problem ?? passkey.problem;

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { address, invalid: wrong } = readEmail(email);
    setInvalid(wrong);
    if (address === undefined) {
      event.currentTarget.querySelector('input')?.focus();
      return;
    }
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
      lead="We mail you a link and a code. No password needed. New here? This creates your account."
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <EmailField value={email} onChange={setEmail} error={invalid} autoComplete="username webauthn" autoFocus />
        <ProblemCallout problem={refusal} />
        <Button type="submit" size="lg" block pending={pending}>
          Continue <ArrowRight aria-hidden="true" />
        </Button>
      </form>
      <OtherWays
        next={next}
        onPassword={() => onPassword(email)}
        onPasskey={() => void passkey.ask()}
        passkeyPending={passkey.pending}
      />
    </SignInCard>
  );
}

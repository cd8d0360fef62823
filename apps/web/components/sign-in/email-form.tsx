'use client';
import { Button } from '@alva/ui';
import { ArrowRight } from 'lucide-react';
import { ProblemCallout } from '../problem-callout.tsx';
import { type Attempt } from './attempt.ts';
import { EmailField } from './email-field.tsx';
import { OtherWays } from './other-ways.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useEmailForm } from './use-email-form.ts';
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
  const { email, setEmail, invalid, problem, pending, submit } = useEmailForm(initialEmail, async (address) =>
    onSent(await sendLink({ email: address, next, registers: false })),
  );
  const passkey = usePasskeySignIn({ autofill: true });

  return (
    <SignInCard
      title="Sign in to Alva"
      lead="We mail you a link and a code. No password needed. New here? This creates your account."
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <EmailField value={email} onChange={setEmail} error={invalid} autoComplete="username webauthn" autoFocus />
        <ProblemCallout problem={problem ?? passkey.problem} />
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

'use client';
import { Button } from '@alva/ui';
import Link from 'next/link';
import { useState, type SubmitEvent } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { CurrentPasswordField } from './current-password-field.tsx';
import { EmailField, readEmail } from './email-field.tsx';
import { OpenMail } from './open-mail.tsx';
import { SignInCard } from './sign-in-card.tsx';

interface PasswordFormProps {
  next: string;
  initialEmail: string;
  /** Each takes along what was typed as the address. */
  onUseLink: (email: string) => void;
  onRegister: (email: string) => void;
}

export function PasswordForm({ next, initialEmail, onUseLink, onRegister }: PasswordFormProps) {
  const { session } = useServices();
  const [email, setEmail] = useState(initialEmail);
  const [password, setPassword] = useState('');
  const [invalid, setInvalid] = useState<{ email?: string; password?: string }>({});
  const [problem, setProblem] = useState<Told>();
  const [unverified, setUnverified] = useState(false);
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const read = readEmail(email);
    const missing = password === '' ? 'Enter your password.' : undefined;
    setInvalid({ ...(read.invalid && { email: read.invalid }), ...(missing && { password: missing }) });
    if (read.address === undefined || missing !== undefined) {
      const fields = form.querySelectorAll('input');
      fields[read.address === undefined ? 0 : 1]?.focus();
      return;
    }
    setProblem(undefined);
    setPending(true);
    try {
      // The page goes on by itself once the session is there.
      await session.login({ email: read.address, password, redirectTo: next });
    } catch (error) {
      if (problemCode(error) === 'email-unverified') setUnverified(true);
      else setProblem(explain(error));
      setPending(false);
      if (problemCode(error) !== 'credentials-invalid') return;
      const field = form.querySelector<HTMLInputElement>('input[name="current-password"]');
      field?.focus();
      field?.select();
    }
  }

  if (unverified) {
    return (
      <SignInCard
        title="Confirm your address"
        takeFocus
        lead={
          <p>
            The password is right. Before it signs you in for the first time, open the link we sent to{' '}
            <strong className="font-medium wrap-anywhere text-ink">{email.trim()}</strong> in this browser. It is good
            for 15 minutes.
          </p>
        }
      >
        <div className="grid gap-4">
          <OpenMail email={email.trim()} />
          <Button variant="quiet" block onClick={() => setUnverified(false)}>
            Back to sign-in
          </Button>
        </div>
      </SignInCard>
    );
  }
  return (
    <SignInCard
      title="Sign in with a password"
      takeFocus
      lead={
        <p>
          No password, or not sure?{' '}
          <Button variant="link" onClick={() => onUseLink(email)}>
            Sign in by e-mail instead
          </Button>
        </p>
      }
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <EmailField value={email} onChange={setEmail} error={invalid.email} autoComplete="username" />
        <CurrentPasswordField value={password} onChange={setPassword} error={invalid.password} />
        <ProblemCallout problem={problem} />
        <Button type="submit" size="lg" block pending={pending}>
          Sign in
        </Button>
        <div className="flex flex-wrap justify-between gap-x-6 gap-y-2 pt-1 text-sm">
          <Link href="/sign-in/forgot" className="text-muted underline underline-offset-4 hover:text-ink">
            Forgot your password?
          </Link>
          <Button variant="link" onClick={() => onRegister(email)}>
            New here? Create an account
          </Button>
        </div>
      </form>
    </SignInCard>
  );
}

function explain(error: unknown): Told {
  const told = tell(error);
  if (problemCode(error) !== 'credentials-invalid') return told;
  return {
    ...told,
    title: 'E-mail or password is wrong',
    detail: 'Check both, or sign in by e-mail: that works without a password.',
  };
}

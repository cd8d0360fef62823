'use client';
import { Button, buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useState } from 'react';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { EmailField } from './email-field.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useEmailForm } from './use-email-form.ts';

export function ForgotPassword() {
  const { session } = useServices();
  const [sentTo, setSentTo] = useState<string>();
  const { email, setEmail, invalid, problem, pending, submit } = useEmailForm('', async (address) => {
    await session.forgotPassword(address);
    setSentTo(address);
  });

  if (sentTo !== undefined) {
    return (
      <SignInCard
        title="Check your inbox"
        takeFocus
        lead={
          <p>
            We sent <strong className="font-medium wrap-anywhere text-ink">{sentTo}</strong> a link to set a new
            password. It is good for an hour. If the address has no account, the mail says so.
          </p>
        }
      >
        <Link href="/sign-in" className={buttonStyles({ variant: 'secondary', size: 'lg', block: true })}>
          Back to sign-in
        </Link>
      </SignInCard>
    );
  }
  return (
    <SignInCard
      title="Forgot your password?"
      lead={
        <p>
          We mail you a link to set a new one. You can also{' '}
          <Link href="/sign-in" className="text-ink underline underline-offset-4">
            sign in by mail
          </Link>{' '}
          without it.
        </p>
      }
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <EmailField value={email} onChange={setEmail} error={invalid} autoFocus />
        <ProblemCallout problem={problem} />
        <Button type="submit" size="lg" block pending={pending}>
          Send the link
        </Button>
      </form>
    </SignInCard>
  );
}

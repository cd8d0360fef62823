'use client';
import { Button, buttonStyles } from '@alva/ui';
import { Fingerprint } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode } from 'react';
import { ProblemCallout } from '../problem-callout.tsx';
import { forgetAttempt } from './attempt.ts';
import { usePasskeySignIn, usePasskeySupport } from './use-passkey-sign-in.ts';

/** A passkey is both steps at once, so it is offered whatever was shown before. */
export function OtherFactors({ children }: { children: ReactNode }) {
  const supported = usePasskeySupport();
  const passkey = usePasskeySignIn();
  return (
    <div className="grid gap-3 border-t border-line pt-6">
      <ProblemCallout problem={passkey.problem} />
      {supported && (
        <Button variant="secondary" size="lg" block pending={passkey.pending} onClick={() => void passkey.ask()}>
          <Fingerprint aria-hidden="true" /> Use a passkey
        </Button>
      )}
      {children}
      {/* The mail that was waited for may be the first step of this very sign-in: it is of no more use. */}
      <Link
        href="/sign-in"
        className={buttonStyles({ variant: 'quiet', block: true })}
        onClick={() => void forgetAttempt()}
      >
        Sign in another way
      </Link>
    </div>
  );
}

'use client';
import { Button, buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { isDeadLink } from './dead-link.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useLinkToken } from './use-link-token.ts';

/** Where the link leads that is mailed to somebody whose password was right and whose address is not confirmed. */
export function ConfirmAddress() {
  const { session } = useServices();
  const router = useRouter();
  const token = useLinkToken();
  const [elsewhere, setElsewhere] = useState(false);
  const [refused, setRefused] = useState(false);
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function confirm() {
    if (!token) return;
    setPending(true);
    setProblem(undefined);
    try {
      await session.verifyEmail({ token, ...(elsewhere && { confirm: 'here' as const }) });
      router.replace('/plans');
    } catch (error) {
      const code = problemCode(error) ?? '';
      if (code === 'different-browser') setElsewhere(true);
      else if (isDeadLink(code)) setRefused(true);
      else setProblem(tell(error));
      setPending(false);
    }
  }

  if (token === null || refused) {
    return (
      <SignInCard
        title="This link does not work any more"
        takeFocus
        lead={
          <p>It may be incomplete, older than 15 minutes or used already. Sign in once more and we mail a new one.</p>
        }
      >
        <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
          Sign in
        </Link>
      </SignInCard>
    );
  }
  return (
    <SignInCard
      title={elsewhere ? 'Confirm on this browser?' : 'Confirm your address'}
      takeFocus={elsewhere}
      lead={
        elsewhere ? (
          <p>
            The password was typed in another browser. If you go on here, the account is yours and that password is
            removed; you can set a new one. If you did not try to sign in, that is what to do.
          </p>
        ) : (
          <p>One click confirms that this address is yours, and signs you in.</p>
        )
      }
    >
      <div className="grid gap-4">
        <ProblemCallout problem={problem} />
        <Button size="lg" block pending={pending} disabled={token === undefined} onClick={() => void confirm()}>
          {elsewhere ? 'Confirm here and remove the password' : 'Confirm and sign in'}
        </Button>
      </div>
    </SignInCard>
  );
}

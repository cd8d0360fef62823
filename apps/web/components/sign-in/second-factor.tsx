'use client';
import { Button, buttonStyles } from '@alva/ui';
import { isLocalPath } from '@alva/validation';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useSession } from '../session/use-session.ts';
import { AppCodeForm } from './app-code-form.tsx';
import { forgetAttempt } from './attempt.ts';
import { OtherFactors } from './other-factors.tsx';
import { RecoveryCodeForm } from './recovery-code-form.tsx';
import { SignInCard } from './sign-in-card.tsx';

/** One factor was shown; a cookie says by whom. The fragment says where they wanted to go. */
export function SecondFactor() {
  const { status } = useSession();
  const router = useRouter();
  const [by, setBy] = useState<'app' | 'recovery'>('app');
  const [isOver, setIsOver] = useState(false);

  useEffect(() => {
    if (status !== 'signed-in') return;
    const next = new URLSearchParams(location.hash.slice(1)).get('next') ?? '';
    void forgetAttempt();
    router.replace(isLocalPath(next) ? next : '/plans');
  }, [status, router]);

  if (isOver) {
    return (
      <SignInCard
        title="There is no sign-in to finish"
        lead={
          <p>It was finished already, or took longer than ten minutes, or was never begun here. Begin once more.</p>
        }
        takeFocus
      >
        <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
          Sign in again
        </Link>
      </SignInCard>
    );
  }
  return by === 'app' ? (
    <SignInCard title="One more step" lead={<p>Type the code that your authenticator app shows for Alva.</p>}>
      <div className="grid gap-7">
        <AppCodeForm onOver={() => setIsOver(true)} />
        <OtherFactors>
          <Button variant="secondary" size="lg" block onClick={() => setBy('recovery')}>
            Use a recovery code
          </Button>
        </OtherFactors>
      </div>
    </SignInCard>
  ) : (
    <SignInCard
      title="Use a recovery code"
      lead={<p>One of those you kept when you set up two-step sign-in. Each works once.</p>}
      takeFocus
    >
      <div className="grid gap-7">
        <RecoveryCodeForm onOver={() => setIsOver(true)} />
        <OtherFactors>
          <Button variant="secondary" size="lg" block onClick={() => setBy('app')}>
            Use the authenticator app
          </Button>
        </OtherFactors>
      </div>
    </SignInCard>
  );
}

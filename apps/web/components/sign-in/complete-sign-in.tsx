'use client';
import { buttonStyles, Spinner } from '@alva/ui';
import { isLocalPath } from '@alva/validation';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { keepLastWay } from '../../lib/last-way.ts';
import { useFragment } from '../../lib/use-fragment.ts';
import { useServices } from '../providers/services-provider.tsx';
import { OutageNotice } from '../session/outage-notice.tsx';
import { useSession } from '../session/use-session.ts';
import { forgetAttempt } from './attempt.ts';
import { SignInCard } from './sign-in-card.tsx';

/** Where a sign-in at a provider ends: the session is there as a cookie, its first token is fetched here. */
export function CompleteSignIn() {
  const { session } = useServices();
  const { status } = useSession();
  const router = useRouter();
  const told = useFragment();

  useEffect(() => {
    if (session.getState().status === 'restoring') void session.restore();
    void forgetAttempt();
  }, [session]);

  useEffect(() => {
    if (status !== 'signed-in' || told === undefined) return;
    const next = told.get('next') ?? '';
    void keepLastWay(told.get('way')).then(() => router.replace(isLocalPath(next) ? next : '/plans'));
  }, [status, router, told]);

  if (status === 'unavailable') return <OutageNotice onRetry={() => session.restore()} />;
  if (status !== 'signed-out') {
    return (
      <SignInCard title="Signing you in" lead={<p role="status">One moment.</p>}>
        <Spinner />
      </SignInCard>
    );
  }
  return (
    <SignInCard
      title="You are not signed in yet"
      takeFocus
      lead="Sign-in worked, but this browser did not keep it. Allow cookies for this site, then try again."
    >
      <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
        Sign in again
      </Link>
    </SignInCard>
  );
}

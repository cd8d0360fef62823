'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { KeepAccount } from '../account/keep-account.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { OutageNotice } from './outage-notice.tsx';
import { SignedOutNotice } from './signed-out-notice.tsx';
import { useSession } from './use-session.ts';

/**
 * Restores the session once and keeps the pages behind it honest: someone who never was signed in goes to the
 * sign-in page; someone whose session ended meanwhile is told so in place; an outage of auth is called an outage.
 * While restoring, pages draw their own skeletons.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const { session } = useServices();
  const state = useSession();
  const router = useRouter();
  const pathname = usePathname();

  useEffect(() => {
    if (session.getState().status === 'restoring') void session.restore();
  }, [session]);

  const neverSignedIn = state.status === 'signed-out' && state.reason === 'none';
  useEffect(() => {
    if (neverSignedIn) router.replace(`/sign-in?next=${encodeURIComponent(pathname)}`);
  }, [neverSignedIn, router, pathname]);

  if (state.status === 'unavailable') return <OutageNotice onRetry={() => session.restore()} />;
  if (state.status === 'signed-out' && !neverSignedIn)
    return <SignedOutNotice reason={state.reason} returnTo={pathname} />;
  if (state.status === 'signed-in' && state.user.deletionDueAt !== undefined)
    return <KeepAccount dueAt={state.user.deletionDueAt} />;
  return children;
}

'use client';
import { buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useEffect } from 'react';
import { explainProviderProblem } from '../../lib/provider-problems.ts';
import { useProviderLabel } from '../../lib/provider-queries.ts';
import { hasSignedInHint } from '../../lib/signed-in-hint.ts';
import { useFragment } from '../../lib/use-fragment.ts';
import { useServices } from '../providers/services-provider.tsx';
import { useSession } from '../session/use-session.ts';
import { SignInCard } from './sign-in-card.tsx';

/** Where a sign-in at a provider ends that came to nothing. It may be a second look at one that went well. */
export function ProviderProblem() {
  const { session } = useServices();
  const signedIn = useSession().status === 'signed-in';
  const told = useFragment();
  const label = useProviderLabel(told?.get('provider') ?? null);

  useEffect(() => {
    if (session.getState().status === 'restoring' && hasSignedInHint()) void session.restore();
  }, [session]);

  if (told === undefined) return null;
  const { title, detail } = explainProviderProblem(told.get('code') ?? '', label);
  return (
    <SignInCard title={title} lead={<p>{detail}</p>} takeFocus>
      {signedIn ? (
        <Link href="/plans" className={buttonStyles({ size: 'lg', block: true })}>
          Go to your plans
        </Link>
      ) : (
        <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
          Back to sign-in
        </Link>
      )}
    </SignInCard>
  );
}

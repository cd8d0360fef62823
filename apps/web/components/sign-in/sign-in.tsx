'use client';
import { isLocalPath } from '@alva/validation';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { hasSignedInHint } from '../../lib/signed-in-hint.ts';
import { useServices } from '../providers/services-provider.tsx';
import { useSession } from '../session/use-session.ts';
import { forgetAttempt, recallAttempt, type Attempt } from './attempt.ts';
import { CheckInbox } from './check-inbox.tsx';
import { EmailForm } from './email-form.tsx';

/** The sign-in page: an address, then its inbox. A sign-in finished in another tab takes this one along. */
export function SignIn() {
  const { session } = useServices();
  const { status } = useSession();
  const router = useRouter();
  const wanted = useSearchParams().get('next') ?? '';
  const next = isLocalPath(wanted) ? wanted : '/plans';
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const [lastEmail, setLastEmail] = useState('');

  useEffect(() => {
    if (session.getState().status === 'restoring' && hasSignedInHint()) void session.restore();
    void recallAttempt().then((kept) => setAttempt((current) => current ?? kept));
  }, [session]);

  const destination = attempt?.next ?? next;
  useEffect(() => {
    if (status !== 'signed-in') return;
    void forgetAttempt();
    router.replace(destination);
  }, [status, router, destination]);

  if (attempt === null) return <EmailForm next={next} initialEmail={lastEmail} onSent={setAttempt} />;
  return (
    <CheckInbox
      attempt={attempt}
      onResent={setAttempt}
      onChangeAddress={() => {
        void forgetAttempt();
        setLastEmail(attempt.email);
        setAttempt(null);
      }}
    />
  );
}

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
import { PasswordForm } from './password-form.tsx';
import { RegisterForm } from './register-form.tsx';

/** The sign-in page: an address, then its inbox. A sign-in finished in another tab takes this one along. */
export function SignIn() {
  const { session } = useServices();
  const { status } = useSession();
  const router = useRouter();
  const query = useSearchParams();
  const wanted = query.get('next') ?? '';
  const next = isLocalPath(wanted) ? wanted : '/plans';
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const [lastEmail, setLastEmail] = useState('');
  const wantsPassword = query.get('with') === 'password';
  const [form, setForm] = useState<'link' | 'password' | 'register'>(wantsPassword ? 'password' : 'link');

  useEffect(() => {
    if (session.getState().status === 'restoring' && hasSignedInHint()) void session.restore();
    // Whoever comes for the password form has given up on the mail that they may still be waiting for.
    if (!wantsPassword) void recallAttempt().then((kept) => setAttempt((current) => current ?? kept));
  }, [session, wantsPassword]);

  const destination = attempt?.next ?? next;
  useEffect(() => {
    if (status !== 'signed-in') return;
    void forgetAttempt();
    router.replace(destination);
  }, [status, router, destination]);

  const switchTo = (wanted: typeof form) => (email: string) => {
    setLastEmail(email);
    setForm(wanted);
  };
  if (attempt === null) {
    const common = { next, initialEmail: lastEmail };
    if (form === 'password')
      return <PasswordForm {...common} onUseLink={switchTo('link')} onRegister={switchTo('register')} />;
    if (form === 'register') return <RegisterForm {...common} onSent={setAttempt} onUseLink={switchTo('link')} />;
    return <EmailForm {...common} onSent={setAttempt} onPassword={switchTo('password')} />;
  }
  return (
    <CheckInbox
      key={attempt.id}
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

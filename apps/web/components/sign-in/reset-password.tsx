'use client';
import { Button, buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useState, type SubmitEvent } from 'react';
import { fieldProblem, problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { isDeadLink } from './dead-link.tsx';
import { lengthProblem, NewPasswordField } from './new-password-field.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useLinkToken } from './use-link-token.ts';

/** Where the link to set a new password leads. It is spent by the new password, not by opening it. */
export function ResetPassword() {
  const { session } = useServices();
  const token = useLinkToken();
  const [password, setPassword] = useState('');
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [refusedAs, setRefusedAs] = useState<string>();
  const [pending, setPending] = useState(false);
  const [done, setDone] = useState(false);
  const dead = token === null ? 'link-invalid' : refusedAs;

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!token) return;
    const input = event.currentTarget.querySelector('input');
    const refuse = (why: string) => {
      setInvalid(why);
      input?.focus();
    };
    const wrong = lengthProblem(password);
    if (wrong !== undefined) {
      refuse(wrong);
      return;
    }
    setInvalid(undefined);
    setProblem(undefined);
    setPending(true);
    try {
      await session.resetPassword({ token, password });
      setDone(true);
    } catch (error) {
      const code = problemCode(error) ?? '';
      const refused = fieldProblem(error, '#/password');
      if (refused !== undefined) refuse(refused);
      else if (isDeadLink(code)) setRefusedAs(code);
      else setProblem(tell(error));
    } finally {
      setPending(false);
    }
  }

  if (done) {
    return (
      <SignInCard
        title="Your password is set"
        takeFocus
        lead={<p>All your sessions were ended. Sign in with the new password, here and on your other devices.</p>}
      >
        <Link href="/sign-in?with=password" className={buttonStyles({ size: 'lg', block: true })}>
          Sign in
        </Link>
      </SignInCard>
    );
  }
  if (dead !== undefined) return <DeadReset code={dead} />;
  return (
    <SignInCard
      title="Set a new password"
      lead={<p>It signs you out everywhere, so that nobody stays in with the old one.</p>}
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <NewPasswordField value={password} onChange={setPassword} error={invalid} />
        <ProblemCallout problem={problem} />
        <Button type="submit" size="lg" block pending={pending} disabled={token === undefined}>
          Set the password
        </Button>
      </form>
    </SignInCard>
  );
}

const words: Record<string, [title: string, detail: string]> = {
  'link-expired': ['This link has expired', 'For your safety it lives for an hour.'],
  'link-used': ['This link was used already', 'It works once. If you set a password with it, sign in with that.'],
  'account-disabled': ['This account is disabled', 'Ask whoever runs this installation about it.'],
};

function DeadReset({ code }: { code: string }) {
  const [title, detail] = words[code] ?? ['This link is not complete', 'Part of it is missing. A new one helps.'];
  return (
    <SignInCard title={title} takeFocus lead={<p>{detail}</p>}>
      <div className="grid gap-3">
        <Link href="/sign-in/forgot" className={buttonStyles({ size: 'lg', block: true })}>
          Get a new link
        </Link>
        {code === 'link-used' && (
          <Link
            href="/sign-in?with=password"
            className={buttonStyles({ variant: 'secondary', size: 'lg', block: true })}
          >
            Sign in with a password
          </Link>
        )}
      </div>
    </SignInCard>
  );
}

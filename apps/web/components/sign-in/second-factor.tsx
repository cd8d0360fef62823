'use client';
import { Button, buttonStyles, CodeField } from '@alva/ui';
import { isLocalPath, recoveryCode } from '@alva/validation';
import { Fingerprint } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState, type SubmitEvent } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useSession } from '../session/use-session.ts';
import { forgetAttempt } from './attempt.ts';
import { RecoveryCodeField } from './recovery-code-field.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { usePasskeySignIn, usePasskeySupport } from './use-passkey-sign-in.ts';

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
        title="This sign-in was not finished in time"
        lead={<p>For your safety it is kept open for ten minutes only. Nothing is lost: begin once more.</p>}
        takeFocus
      >
        <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
          Sign in again
        </Link>
      </SignInCard>
    );
  }
  const shared = { onOver: () => setIsOver(true) };
  return by === 'app' ? (
    <SignInCard title="One more step" lead={<p>Type the code that your authenticator app shows for Alva.</p>}>
      <div className="grid gap-7">
        <AppCode {...shared} />
        <Others>
          <Button variant="secondary" size="lg" block onClick={() => setBy('recovery')}>
            Use a recovery code
          </Button>
        </Others>
      </div>
    </SignInCard>
  ) : (
    <SignInCard
      title="Use a recovery code"
      lead={<p>One of those you kept when you set up two-step sign-in. Each works once.</p>}
      takeFocus
    >
      <div className="grid gap-7">
        <RecoveryCode {...shared} />
        <Others>
          <Button variant="secondary" size="lg" block onClick={() => setBy('app')}>
            Use the authenticator app
          </Button>
        </Others>
      </div>
    </SignInCard>
  );
}

function AppCode({ onOver }: { onOver: () => void }) {
  const { session } = useServices();
  const [code, setCode] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(complete: string) {
    setPending(true);
    setError(undefined);
    try {
      await session.verifySecondFactor({ code: complete });
    } catch (problem) {
      if (problemCode(problem) === 'challenge-unknown') onOver();
      setCode('');
      setError(explainCode(problem));
      setPending(false);
    }
  }

  return (
    <div>
      <CodeField
        label="Code from your app"
        length={6}
        digits
        autoFocus
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => void submit(complete)}
        error={error}
      />
      <p role="status" className="mt-2 text-sm text-muted empty:hidden">
        {pending ? 'Signing you in…' : error === undefined && 'It changes every 30 seconds.'}
      </p>
    </div>
  );
}

function RecoveryCode({ onOver }: { onOver: () => void }) {
  const { session } = useServices();
  const [code, setCode] = useState('');
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { data } = recoveryCode.safeParse(code);
    setInvalid(data === undefined ? 'A recovery code has twenty letters and digits.' : undefined);
    setProblem(undefined);
    if (data === undefined) return;
    setPending(true);
    try {
      await session.verifySecondFactor({ recoveryCode: data });
    } catch (error) {
      if (problemCode(error) === 'challenge-unknown') onOver();
      else if (problemCode(error) === 'code-invalid') setInvalid('This code is not right, or was used already.');
      else setProblem(tell(error));
      setPending(false);
    }
  }

  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      <RecoveryCodeField value={code} onChange={setCode} error={invalid} />
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Sign in
      </Button>
    </form>
  );
}

/** A passkey is both steps at once, so it is offered whatever was shown before. */
function Others({ children }: { children: React.ReactNode }) {
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

function explainCode(problem: unknown): string {
  const { title, detail } = tell(problem);
  if (problemCode(problem) !== 'code-invalid') return `${title}. ${detail}`;
  return detail || 'This code is not right, or was used already. Wait for the next one.';
}

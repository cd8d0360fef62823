'use client';
import { Button } from '@alva/ui';
import { formatElapsed } from '../../lib/format.ts';
import { type Attempt } from './attempt.ts';
import { CodeForm } from './code-form.tsx';
import { OpenMail } from './open-mail.tsx';
import { OtherDevice } from './other-device.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useResend } from './use-resend.ts';
import { useWaiting } from './use-waiting.ts';

interface CheckInboxProps {
  attempt: Attempt;
  onResent: (attempt: Attempt) => void;
  onChangeAddress: () => void;
}

/** To be keyed by the attempt: another one is waited for anew. */
export function CheckInbox({ attempt, onResent, onChangeAddress }: CheckInboxProps) {
  const waiting = useWaiting(attempt.id);
  if (waiting.name === 'over')
    return <SignInEnded attempt={attempt} onResent={onResent} onChangeAddress={onChangeAddress} />;
  return (
    <SignInCard
      title="Check your inbox"
      takeFocus
      lead={
        <p>
          We sent a link and a code to <strong className="font-medium wrap-anywhere text-ink">{attempt.email}</strong>.{' '}
          <Button variant="link" onClick={onChangeAddress}>
            Change address
          </Button>
        </p>
      }
    >
      <div className="grid gap-7">
        <OpenMail email={attempt.email} />
        <CodeForm attemptId={attempt.id} />
        <OtherDevice waiting={waiting} />
        <Resend attempt={attempt} onResent={onResent} />
      </div>
    </SignInCard>
  );
}

function SignInEnded({ attempt, onResent, onChangeAddress }: CheckInboxProps) {
  const { resend, pending, seconds } = useResend(attempt, onResent);
  return (
    <SignInCard
      title="This sign-in has ended"
      takeFocus
      lead={<p>It took too long, or the link was used or replaced.</p>}
    >
      <div className="grid gap-4">
        <Button
          size="lg"
          block
          pending={pending}
          disabled={seconds > 0}
          onClick={() => void resend()}
          className="tabular"
        >
          {seconds > 0 ? `Send a new link in ${countdown(seconds)}` : 'Send a new link'}
        </Button>
        <Button variant="quiet" block onClick={onChangeAddress}>
          Change address
        </Button>
      </div>
    </SignInCard>
  );
}

function Resend({ attempt, onResent }: Omit<CheckInboxProps, 'onChangeAddress'>) {
  const { resend, pending, seconds } = useResend(attempt, onResent);
  return (
    <div className="border-t border-line pt-5 text-sm text-muted">
      <p>Nothing there? Look in the spam folder, or send it again.</p>
      <div className="mt-3">
        <Button
          variant="secondary"
          size="sm"
          pending={pending}
          disabled={seconds > 0}
          onClick={() => void resend()}
          className="tabular"
        >
          {seconds > 0 ? `Send again in ${countdown(seconds)}` : 'Send again'}
        </Button>
      </div>
    </div>
  );
}

function countdown(seconds: number): string {
  return seconds < 100 ? `${seconds} s` : formatElapsed(seconds * 1000);
}

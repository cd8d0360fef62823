'use client';
import { Button } from '@alva/ui';
import { useState } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { useCountdown } from '../sign-in/use-countdown.ts';
import { CodeForm } from './code-form.tsx';
import { useShow, type WayProps } from './use-show.ts';

export function ByMailedCode({ onDone }: WayProps) {
  const { session } = useServices();
  const user = useUser();
  const { show, pending, wrong, problem } = useShow(onDone);
  const [sent, setSent] = useState(false);
  const [resendAt, setResendAt] = useState(0);
  const seconds = useCountdown(resendAt);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<Told>();

  async function send() {
    setSending(true);
    setRefused(undefined);
    try {
      const { resendAfter } = await session.security.mailStepUpCode();
      setResendAt(Date.now() + resendAfter * 1000);
      setSent(true);
    } catch (error) {
      setRefused(tell(error));
    } finally {
      setSending(false);
    }
  }

  return (
    <div className="grid gap-4">
      <ProblemCallout problem={refused} />
      {sent ? (
        <CodeForm
          label="Code from the mail"
          hint={`We sent it to ${user?.email ?? 'your address'}. It is good for ten minutes.`}
          pending={pending}
          wrong={wrong && 'This code is not right. After five wrong codes, send a new one.'}
          problem={problem}
          onComplete={(mailedCode) => void show(() => ({ mailedCode }))}
        />
      ) : (
        <p className="text-sm text-muted">
          We mail a code to <span className="font-medium wrap-anywhere text-ink">{user?.email}</span>.
        </p>
      )}
      <Button
        variant={sent ? 'secondary' : 'primary'}
        size={sent ? 'sm' : 'lg'}
        block={!sent}
        pending={sending}
        disabled={seconds > 0}
        className={sent ? 'tabular justify-self-start' : undefined}
        onClick={() => void send()}
      >
        {sent ? (seconds > 0 ? `Send another in ${seconds} s` : 'Send another') : 'Mail me a code'}
      </Button>
    </div>
  );
}

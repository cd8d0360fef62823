'use client';
import { Button, buttonStyles, toast } from '@alva/ui';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { ServiceProblem } from '@alva/api-client';
import { formatElapsed } from '../../lib/format.ts';
import { tell } from '../../lib/problems.ts';
import { useConfig } from '../providers/config-provider.tsx';
import { keepAttempt, type Attempt } from './attempt.ts';
import { CodeForm } from './code-form.tsx';
import { mailProvider } from './mail-provider.ts';
import { OtherDevice } from './other-device.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useCountdown } from './use-countdown.ts';
import { useSendLink } from './use-send-link.ts';

interface CheckInboxProps {
  attempt: Attempt;
  onResent: (attempt: Attempt) => void;
  onChangeAddress: () => void;
}

export function CheckInbox({ attempt, onResent, onChangeAddress }: CheckInboxProps) {
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
        {/* A new attempt has a new code: the field starts empty again. */}
        <CodeForm key={attempt.id} attemptId={attempt.id} />
        <OtherDevice key={`${attempt.id} other`} attemptId={attempt.id} />
        <Resend attempt={attempt} onResent={onResent} />
      </div>
    </SignInCard>
  );
}

function OpenMail({ email }: { email: string }) {
  const { inboxUrl } = useConfig();
  const provider = mailProvider(email);
  const target =
    inboxUrl === null
      ? provider && { label: `Open ${provider.name}`, url: provider.url }
      : { label: 'Open the mail', url: inboxUrl };
  if (target === undefined) return null;
  return (
    <a href={target.url} target="_blank" rel="noreferrer" className={buttonStyles({ size: 'lg', block: true })}>
      {target.label}
      <ExternalLink aria-hidden="true" />
      <span className="sr-only">(opens a new tab)</span>
    </a>
  );
}

function Resend({ attempt, onResent }: { attempt: Attempt; onResent: (attempt: Attempt) => void }) {
  const sendLink = useSendLink();
  const [pending, setPending] = useState(false);
  const seconds = useCountdown(attempt.resendAt);

  async function resend() {
    setPending(true);
    try {
      onResent(await sendLink(attempt.email, attempt.next));
      toast({ title: 'Sent again', description: 'Only the newest link and code work.' });
    } catch (error) {
      const { title, detail } = tell(error);
      if (error instanceof ServiceProblem && error.retryAfter !== undefined) {
        const later = { ...attempt, resendAt: Date.now() + error.retryAfter * 1000 };
        await keepAttempt(later);
        onResent(later);
      }
      toast({ title, description: detail });
    } finally {
      setPending(false);
    }
  }

  return (
    <div className="border-t border-line pt-5 text-sm text-muted">
      <p>Nothing there? Look in the spam folder, or have it sent once more.</p>
      <div className="mt-3">
        <Button
          variant="secondary"
          size="sm"
          pending={pending}
          disabled={seconds > 0}
          onClick={() => void resend()}
          className="tabular"
        >
          {seconds > 0
            ? `Send again in ${seconds < 100 ? `${seconds} s` : formatElapsed(seconds * 1000)}`
            : 'Send again'}
        </Button>
      </div>
    </div>
  );
}

'use client';
import { Button, Modal, Skeleton } from '@alva/ui';
import { type StepUpWay } from '@alva/validation';
import { useEffect, useState } from 'react';
import { supportsPasskeys } from '../../lib/passkeys.ts';
import { tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { ByAppCode } from './by-app-code.tsx';
import { ByMailedCode } from './by-mailed-code.tsx';
import { ByPasskey } from './by-passkey.tsx';
import { ByPassword } from './by-password.tsx';
import { ByRecoveryCode } from './by-recovery-code.tsx';

interface StepUpDialogProps {
  open: boolean;
  onDone: () => void;
  onDecline: () => void;
}

export function StepUpDialog({ open, onDone, onDecline }: StepUpDialogProps) {
  return (
    <Modal
      open={open}
      onOpenChange={(isOpen) => !isOpen && onDecline()}
      title="Confirm that it is you"
      lead={<p>It has been a while since you signed in, and this changes something important.</p>}
    >
      {open && <Ways onDone={onDone} onDecline={onDecline} />}
    </Modal>
  );
}

const forms = {
  passkey: ByPasskey,
  code: ByAppCode,
  recoveryCode: ByRecoveryCode,
  password: ByPassword,
  mailedCode: ByMailedCode,
};

const labels: Record<StepUpWay, string> = {
  passkey: 'Use a passkey',
  code: 'Use the authenticator app',
  recoveryCode: 'Use a recovery code',
  password: 'Use the password',
  mailedCode: 'Have a code mailed',
};

function Ways({ onDone, onDecline }: Omit<StepUpDialogProps, 'open'>) {
  const { session } = useServices();
  const [ways, setWays] = useState<StepUpWay[]>();
  const [chosen, setChosen] = useState<StepUpWay>();
  const [problem, setProblem] = useState<Told>();

  useEffect(() => {
    session.security.stepUpWays().then(
      (known) => setWays(known.filter((way) => way !== 'passkey' || supportsPasskeys())),
      (error: unknown) => setProblem(tell(error)),
    );
  }, [session]);

  if (problem !== undefined) return <ProblemCallout problem={problem} />;
  if (ways === undefined) return <Skeleton className="h-24" />;
  const way = chosen ?? ways[0];
  if (way === undefined) return <p className="text-sm text-muted">Sign out and in again, then try once more.</p>;
  const Form = forms[way];
  return (
    <div className="grid gap-5">
      <Form key={way} onDone={onDone} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-t border-line pt-4 text-sm">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} variant="link" onClick={() => setChosen(other)}>
              {labels[other]}
            </Button>
          ))}
        <Button variant="link" className="text-muted" onClick={onDecline}>
          Not now
        </Button>
      </div>
    </div>
  );
}

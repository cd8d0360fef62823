'use client';
import { Button, CodeField } from '@alva/ui';
import { type RecoveryCodeList, type TotpSetup as Setup } from '@alva/validation';
import { useEffect, useRef, useState } from 'react';
import { fieldProblem, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { StepUpDeclined, useStepUp } from '../step-up/step-up-provider.tsx';
import { QrCode } from './qr-code.tsx';

interface TotpSetupProps {
  setup: Setup;
  onConfirmed: (codes: RecoveryCodeList) => void;
  onCancel: () => void;
}

/** The secret, to be scanned or typed, and a code of the app as the proof that it has it. */
export function TotpSetup({ setup, onConfirmed, onCancel }: TotpSetupProps) {
  const { session } = useServices();
  const stepUp = useStepUp();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  const firstStep = useRef<HTMLParagraphElement>(null);
  useEffect(() => firstStep.current?.focus(), []);

  async function confirm(complete: string) {
    setPending(true);
    setWrong(undefined);
    setProblem(undefined);
    try {
      onConfirmed(await stepUp(() => session.security.confirmTotp(complete)));
    } catch (error) {
      setCode('');
      setPending(false);
      if (error instanceof StepUpDeclined) return;
      if (fieldProblem(error, '#/code') === undefined) setProblem(tell(error));
      else setWrong('This is not the code that the app shows now. If it is, the clock of your phone is wrong.');
    }
  }

  return (
    <ol className="grid max-w-[34rem] gap-6 text-sm text-muted">
      <li className="grid gap-3">
        <p ref={firstStep} tabIndex={-1} className="outline-none">
          <span className="font-medium text-ink">1. Scan this</span> with an authenticator app on your phone.
        </p>
        <QrCode text={setup.uri} label="QR code for your authenticator app" />
        <p>
          Cannot scan it? Type this key:{' '}
          <code className="font-mono text-ink select-all wrap-anywhere">{inGroups(setup.secret)}</code>
        </p>
      </li>
      <li className="grid gap-3">
        <p>
          <span className="font-medium text-ink">2. Type the code</span> that the app shows for Alva.
        </p>
        <div className="max-w-[22rem]">
          <CodeField
            label="Code from your app"
            length={6}
            digits
            value={code}
            readOnly={pending}
            onValueChange={setCode}
            onComplete={(complete) => void confirm(complete)}
            error={wrong}
          />
        </div>
        <ProblemCallout problem={problem} />
        <p>Sessions on your other devices end with it, as they were opened without a code.</p>
        <div>
          <Button variant="quiet" className="-ml-4" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </li>
    </ol>
  );
}

function inGroups(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ');
}

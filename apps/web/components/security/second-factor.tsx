'use client';
import { Badge, Button, Callout, ConfirmDialog, Skeleton, toast } from '@alva/ui';
import { type SecondFactorState, type TotpSetup as Setup } from '@alva/validation';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';
import { StepUpDeclined, useStepUp } from '../step-up/step-up-provider.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetup } from './totp-setup.tsx';

/** The authenticator app that every way in asks for, and what is there for the day it is gone. */
export function SecondFactor() {
  const { session } = useServices();
  const user = useUser();
  const stepUp = useStepUp();
  const client = useQueryClient();
  const key = [user?.id, 'second-factor'];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: () => session.security.readSecondFactor(),
    enabled: user !== null,
  });
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<string[]>();
  const [asking, setAsking] = useState(false);
  // Once setting up or reading codes is over, the focus goes to what stands in its place.
  const [hasClosed, setHasClosed] = useState(false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();
  const refresh = () => void client.invalidateQueries({ queryKey: key });

  async function attempt(action: () => Promise<void>) {
    setPending(true);
    setProblem(undefined);
    try {
      await stepUp(action);
    } catch (failure) {
      if (!(failure instanceof StepUpDeclined)) setProblem(tell(failure));
    } finally {
      setPending(false);
      refresh();
    }
  }

  const failure = problem ?? (error !== null && data === undefined ? tell(error) : undefined);
  const isOn = data !== undefined && data.totp !== null;
  return (
    <SettingsSection
      title="Two-step sign-in"
      lead="After signing in by e-mail, password or connected account, you also enter a code from an app on your phone. A passkey needs no code."
      aside={data && <Badge tone={isOn ? 'accent' : 'neutral'}>{isOn ? 'On' : 'Off'}</Badge>}
    >
      <ProblemCallout problem={failure} />
      {codes !== undefined ? (
        <RecoveryCodes
          codes={codes}
          onKept={() => {
            setCodes(undefined);
            setHasClosed(true);
          }}
        />
      ) : setup !== undefined ? (
        <TotpSetup
          setup={setup}
          onCancel={() => {
            setSetup(undefined);
            setHasClosed(true);
          }}
          onConfirmed={({ recoveryCodes }) => {
            setSetup(undefined);
            setCodes(recoveryCodes);
            refresh();
            toast({ title: 'Two-step sign-in is on', description: 'Your other devices were signed out.' });
          }}
        />
      ) : data === undefined ? (
        failure === undefined && <Skeleton className="h-10 w-40" />
      ) : isOn ? (
        <On
          state={data}
          pending={pending}
          autoFocus={hasClosed}
          onRenew={() =>
            void attempt(async () => setCodes((await session.security.renewRecoveryCodes()).recoveryCodes))
          }
          onSwitchOff={() => setAsking(true)}
        />
      ) : (
        <div>
          <Button
            variant="secondary"
            pending={pending}
            autoFocus={hasClosed}
            onClick={() => void attempt(async () => setSetup(await session.security.proposeTotp()))}
          >
            Set up an app
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Switch two-step sign-in off?"
        confirmLabel="Switch off"
        cancelLabel="Keep it"
        danger
        onConfirm={() => void attempt(() => session.security.switchOffTotp())}
      >
        <p>One step will be enough to sign in, and your recovery codes become void.</p>
      </ConfirmDialog>
    </SettingsSection>
  );
}

interface OnProps {
  state: SecondFactorState;
  pending: boolean;
  autoFocus: boolean;
  onRenew: () => void;
  onSwitchOff: () => void;
}

function On({ state: { recoveryCodesLeft: left }, pending, autoFocus, onRenew, onSwitchOff }: OnProps) {
  return (
    <div className="grid gap-4">
      {left <= 3 ? (
        <Callout tone="warning" title={left === 0 ? 'No recovery code is left' : `Only ${left} left`}>
          Make new ones before you need them.
        </Callout>
      ) : (
        <p className="text-sm text-muted">{left} recovery codes are left.</p>
      )}
      <div className="flex flex-wrap gap-3">
        <Button variant="secondary" pending={pending} autoFocus={autoFocus} onClick={onRenew}>
          Make new recovery codes
        </Button>
        <Button variant="secondary" onClick={onSwitchOff}>
          Switch off
        </Button>
      </div>
    </div>
  );
}

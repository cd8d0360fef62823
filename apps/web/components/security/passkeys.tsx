'use client';
import { Button, ConfirmDialog, Skeleton, toast } from '@alva/ui';
import { type Passkey } from '@alva/validation';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { createPasskey, PasskeyCancelled, PasskeyKnown } from '../../lib/passkeys.ts';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';
import { usePasskeySupport } from '../sign-in/use-passkey-sign-in.ts';
import { StepUpDeclined, useStepUp } from '../step-up/step-up-provider.tsx';
import { PasskeyRow } from './passkey-row.tsx';

/** The person's passkeys: what they call them, when each was used, another one, one less. */
export function Passkeys() {
  const { session } = useServices();
  const user = useUser();
  const stepUp = useStepUp();
  const supported = usePasskeySupport();
  const client = useQueryClient();
  const key = [user?.id, 'passkeys'];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: () => session.security.listPasskeys(),
    enabled: user !== null,
  });
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();
  const [leaving, setLeaving] = useState<Passkey>();

  async function attempt(action: () => Promise<unknown>) {
    setPending(true);
    setProblem(undefined);
    try {
      await action();
    } catch (failure) {
      if (!(failure instanceof PasskeyCancelled || failure instanceof StepUpDeclined)) setProblem(explain(failure));
    } finally {
      setPending(false);
      void client.invalidateQueries({ queryKey: key });
    }
  }

  const add = () =>
    attempt(async () => {
      const options = await stepUp(() => session.security.passkeyRegistrationOptions());
      const credential = await createPasskey(options);
      const { name } = await stepUp(() => session.security.addPasskey({ credential }));
      toast({ title: 'Passkey added', description: `“${name}” can sign you in from now on.` });
    });

  const remove = (passkey: Passkey) =>
    attempt(async () => {
      await stepUp(() => session.security.removePasskey(passkey.id));
      toast({ title: 'Passkey removed', description: 'Remove it from your device too, where it still offers it.' });
    });

  const failure = problem ?? (error !== null && data === undefined ? tell(error) : undefined);
  return (
    <SettingsSection
      title="Passkeys"
      lead="Sign in with your fingerprint, face or screen lock: nothing to type, and nothing anyone could trick you into passing on."
    >
      <ProblemCallout problem={failure} />
      {data === undefined ? (
        failure === undefined && <Skeleton className="h-14" />
      ) : data.length > 0 ? (
        <ul aria-label="Passkeys" className="divide-y divide-line border-y border-line">
          {data.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRename={(name) => attempt(() => session.security.renamePasskey(passkey.id, name))}
              onRemove={() => setLeaving(passkey)}
            />
          ))}
        </ul>
      ) : null}
      {supported ? (
        <div>
          {/* Not while the list is being read: what is read would lack the new one, and not be read anew. */}
          <Button
            variant="secondary"
            pending={pending}
            disabled={data === undefined && error === null}
            onClick={() => void add()}
          >
            <Plus aria-hidden="true" /> Add a passkey
          </Button>
        </div>
      ) : (
        <p className="text-sm text-subtle">This browser does not know passkeys.</p>
      )}
      <ConfirmDialog
        open={leaving !== undefined}
        onOpenChange={(open) => !open && setLeaving(undefined)}
        title={`Remove “${leaving?.name ?? ''}”?`}
        confirmLabel="Remove"
        cancelLabel="Keep it"
        danger
        onConfirm={() => leaving && void remove(leaving)}
      >
        <p>It will not sign you in any more.</p>
      </ConfirmDialog>
    </SettingsSection>
  );
}

function explain(error: unknown): Told {
  const told = tell(error);
  if (error instanceof PasskeyKnown)
    return { ...told, title: 'There is one already', detail: 'This device has a passkey of your account.' };
  if (problemCode(error) === 'validation-failed')
    return { ...told, title: 'That did not work', detail: 'It may have taken too long. Try once more.' };
  return told;
}

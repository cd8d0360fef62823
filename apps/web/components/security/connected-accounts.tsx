'use client';
import { type ProviderName } from '@alva/shared-types';
import { Button, Callout, ConfirmDialog, Skeleton, toast } from '@alva/ui';
import { type Identity } from '@alva/validation';
import { useState, type ReactNode } from 'react';
import { tell } from '../../lib/problems.ts';
import { explainProviderProblem } from '../../lib/provider-problems.ts';
import { useIdentities, useProviderLabel, useProviders, useReloadIdentities } from '../../lib/provider-queries.ts';
import { useFragment } from '../../lib/use-fragment.ts';
import { ProviderMark } from '../brand/provider-mark.tsx';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { SettingsSection } from '../settings/settings-section.tsx';
import { StepUpDeclined, useStepUp } from '../step-up/step-up-provider.tsx';

interface Notice {
  title: string;
  detail: string;
}

/** Providers that can sign this person in, and those that could. Nothing at all where the installation has none. */
export function ConnectedAccounts() {
  const { session } = useServices();
  const stepUp = useStepUp();
  const providers = useProviders();
  const identities = useIdentities();
  const reload = useReloadIdentities();
  const [pending, setPending] = useState<string>();
  const [leaving, setLeaving] = useState<Identity>();
  const [notice, setNotice] = useState<Notice>();
  const told = useFragment();
  // Of what was told only as long as nothing else was tried.
  const [isOld, setIsOld] = useState(false);
  const [code, connectedNow] = isOld ? [null, null] : [told?.get('code') ?? null, told?.get('connected') ?? null];
  const label = useProviderLabel(told?.get('provider') ?? connectedNow);

  async function attempt(key: string, work: () => Promise<void>) {
    setPending(key);
    setNotice(undefined);
    setIsOld(true);
    try {
      await stepUp(work);
    } catch (error) {
      if (!(error instanceof StepUpDeclined)) setNotice(tell(error));
    } finally {
      setPending(undefined);
    }
  }

  const connect = (name: ProviderName) =>
    attempt(name, async () => location.assign(await session.connectProvider(name)));
  const disconnect = ({ id, label: from }: Identity) =>
    attempt(id, async () => {
      await session.disconnectProvider(id);
      await reload();
      toast({ title: `${from} is disconnected`, description: 'You sign in by e-mail as before.' });
    });

  const connected = identities.data ?? [];
  const offered = (providers.data ?? []).filter(({ name }) => !connected.some(({ provider }) => provider === name));
  if (providers.data?.length === 0 && connected.length === 0) return null;
  const problem = code === null ? notice : explainProviderProblem(code, label);

  return (
    <SettingsSection
      title="Connected accounts"
      lead="Sign in with an account that you have elsewhere. Your address here stays as it is."
    >
      {connectedNow !== null && (
        <Callout role="status" title={`${label} is connected`}>
          It can sign you in from now on. We mailed you a note about it.
        </Callout>
      )}
      <ProblemCallout problem={problem} />
      {identities.data === undefined && identities.error !== null ? (
        <ProblemCallout problem={tell(identities.error)} />
      ) : identities.data === undefined || providers.data === undefined ? (
        <Skeleton className="h-14 w-full" />
      ) : (
        <ul className="divide-y divide-line">
          {connected.map((identity) => (
            <Row
              key={identity.id}
              name={identity.provider}
              label={identity.label}
              state={identity.email ?? 'Connected'}
            >
              <Button
                variant="secondary"
                size="sm"
                pending={pending === identity.id}
                onClick={() => setLeaving(identity)}
              >
                Disconnect<span className="sr-only"> {identity.label}</span>
              </Button>
            </Row>
          ))}
          {offered.map(({ name, label: of }) => (
            <Row key={name} name={name} label={of} state="Not connected">
              <Button variant="secondary" size="sm" pending={pending === name} onClick={() => void connect(name)}>
                Connect<span className="sr-only"> {of}</span>
              </Button>
            </Row>
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={leaving !== undefined}
        onOpenChange={(open) => open || setLeaving(undefined)}
        title={`Disconnect ${leaving?.label ?? ''}?`}
        confirmLabel="Disconnect"
        cancelLabel="Keep it"
        danger
        onConfirm={() => leaving && void disconnect(leaving)}
      >
        You will not be able to sign in with it any more. The link by e-mail stays, and sessions that are open go on.
      </ConfirmDialog>
    </SettingsSection>
  );
}

interface RowProps {
  name: ProviderName;
  label: string;
  state: string;
  children: ReactNode;
}

function Row({ name, label, state, children }: RowProps) {
  return (
    <li className="flex items-center gap-4 py-3.5 first:pt-0 last:pb-0">
      <span className="grid size-10 shrink-0 place-items-center rounded-md border border-line text-ink [&_svg]:size-5">
        <ProviderMark name={name} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{label}</p>
        <p className="text-sm wrap-anywhere text-muted">{state}</p>
      </div>
      {children}
    </li>
  );
}

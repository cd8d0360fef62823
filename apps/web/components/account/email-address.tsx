'use client';
import { Button, Skeleton, toast } from '@alva/ui';
import { useEffect, useRef, useState } from 'react';
import { useAccount, useReload } from '../../lib/account-queries.ts';
import { tell } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';
import { ChangeEmailForm } from './change-email-form.tsx';
import { PendingEmailChange } from './pending-email-change.tsx';

/** The address of the account, and moving it to another one. */
export function EmailAddress() {
  const { session } = useServices();
  const user = useUser();
  const { data: account, error } = useAccount();
  const reload = useReload('account');
  const [open, setOpen] = useState<boolean>();

  // Both addresses confirmed, wherever that was: the session learns of its new address by renewing.
  const moved = account !== undefined && user !== null && account.email !== user.email;
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (!moved || told.current === account.email) return;
    told.current = account.email;
    void session.restore();
    toast({ title: 'Your address has changed', description: 'Your other devices were signed out.' });
  }, [moved, account, session]);

  return (
    <SettingsSection
      title="E-mail address"
      lead={
        <>
          You sign in with{' '}
          <span className="font-medium wrap-anywhere text-ink">{account?.email ?? user?.email ?? 'your address'}</span>.
          To change it, confirm from both the old and the new address.
        </>
      }
    >
      {account === undefined ? (
        error === null ? (
          <Skeleton className="h-10 w-40" />
        ) : (
          <ProblemCallout problem={tell(error)} />
        )
      ) : account.emailChange !== null ? (
        <PendingEmailChange from={account.email} change={account.emailChange} onCancelled={reload} />
      ) : open ? (
        <ChangeEmailForm
          current={account.email}
          onCancel={() => setOpen(false)}
          onAsked={async () => {
            await reload();
            setOpen(false);
          }}
        />
      ) : (
        <div>
          {/* Closed again, the form hands the focus back. */}
          <Button variant="secondary" autoFocus={open === false} onClick={() => setOpen(true)}>
            Change address
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}

'use client';
import { SettingsSection } from '../settings/settings-section.tsx';
import { useUser } from '../session/use-session.ts';

/** The way in that everybody has. */
export function EmailLink() {
  const user = useUser();
  return (
    <SettingsSection
      title="E-mail link"
      lead={
        <>
          You can always sign in with a link that we mail to{' '}
          <span className="font-medium break-words text-ink">{user?.email ?? 'your address'}</span>. Keep that mailbox
          safe: who reads it can ask for a link.
        </>
      }
    />
  );
}

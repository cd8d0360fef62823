'use client';
import { useServices } from '../providers/services-provider.tsx';
import { LinkPage } from './link-page.tsx';

export function RestoreEmail() {
  const { session } = useServices();
  return (
    <LinkPage
      title="Restore your old address?"
      lead={
        <p>
          Your account returns to the address that it had before. Everybody is signed out, and passwords, passkeys and
          other ways in that were added since then are removed.
        </p>
      }
      button="Restore it"
      act={async (token) => {
        await session.account.restoreEmail(token);
        return {
          title: 'Your address is restored',
          lead: (
            <p>
              Everybody was signed out, and what was added since the change is removed. Sign in, then look through
              Security in the settings for anything you do not know.
            </p>
          ),
          next: { label: 'Sign in', href: '/sign-in?next=/settings/security' },
        };
      }}
    />
  );
}

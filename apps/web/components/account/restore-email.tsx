'use client';
import { useServices } from '../providers/services-provider.tsx';
import { LinkPage } from './link-page.tsx';

export function RestoreEmail() {
  const { session } = useServices();
  return (
    <LinkPage
      title="Take the account back?"
      lead={<p>It returns to the address that it had before, and everybody is signed out, on all devices.</p>}
      button="Take it back"
      act={async (token) => {
        await session.account.restoreEmail(token);
        return {
          title: 'The account is back',
          lead: (
            <p>
              Everybody was signed out. Sign in, then look through Security in the settings and remove what you do not
              know.
            </p>
          ),
          next: { label: 'Sign in', href: '/sign-in?next=/settings/security' },
        };
      }}
    />
  );
}

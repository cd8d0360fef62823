'use client';
import { useServices } from '../providers/services-provider.tsx';
import { LinkPage } from './link-page.tsx';

export function KeepByLink() {
  const { session } = useServices();
  return (
    <LinkPage
      title="Keep your account?"
      lead={<p>It was to be deleted. Keep it, and everything stays as it was.</p>}
      button="Keep my account"
      act={async (token) => {
        await session.account.keepByLink(token);
        return {
          title: 'Your account stays',
          lead: <p>Nothing is deleted. Sign in to go on where you were.</p>,
          next: { label: 'Sign in', href: '/sign-in' },
        };
      }}
    />
  );
}

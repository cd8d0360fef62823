'use client';
import { useServices } from '../providers/services-provider.tsx';
import { LinkPage, type Outcome } from './link-page.tsx';

const outcomes: Record<'waiting-for-old' | 'waiting-for-new' | 'moved', Outcome> = {
  'waiting-for-old': {
    title: 'One confirmation to go',
    lead: <p>Now open the link we sent to your current address.</p>,
  },
  'waiting-for-new': {
    title: 'One confirmation to go',
    lead: <p>Now open the link we sent to the new address.</p>,
  },
  moved: {
    title: 'Your address has changed',
    lead: <p>Sign-in links go to the new address from now on. Your other devices were signed out.</p>,
  },
};

export function ConfirmEmail() {
  const { session } = useServices();
  return (
    <LinkPage
      title="Confirm the new address?"
      lead={
        <p>
          Someone signed in to an Alva account asked to change its e-mail address. Read the mail you came from, and
          confirm only if it was you. The change needs a confirmation from both addresses.
        </p>
      }
      button="Confirm change"
      act={async (token) => outcomes[(await session.account.confirmEmail(token)).state]}
    />
  );
}

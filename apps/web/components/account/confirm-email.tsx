'use client';
import { useServices } from '../providers/services-provider.tsx';
import { LinkPage, type Outcome } from './link-page.tsx';

const outcomes: Record<'waiting-for-old' | 'waiting-for-new' | 'moved', Outcome> = {
  'waiting-for-old': {
    title: 'One mailbox to go',
    lead: <p>This one has agreed. The account moves as soon as the present address has agreed as well.</p>,
  },
  'waiting-for-new': {
    title: 'One mailbox to go',
    lead: <p>This one has agreed. The account moves as soon as the new address has agreed as well.</p>,
  },
  moved: {
    title: 'The account has moved',
    lead: <p>Sign-in links go to the new address from now on. Other devices were signed out.</p>,
  },
};

export function ConfirmEmail() {
  const { session } = useServices();
  return (
    <LinkPage
      title="Should the account move?"
      lead={
        <p>
          The mail says from where to where. Agree only if it was you who asked; the account moves when both mailboxes
          have agreed.
        </p>
      }
      button="Agree"
      act={async (token) => outcomes[(await session.account.confirmEmail(token)).state]}
    />
  );
}

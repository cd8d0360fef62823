import { type Metadata } from 'next';
import { ConnectedAccounts } from '../../../../components/security/connected-accounts.tsx';
import { EmailLink } from '../../../../components/security/email-link.tsx';
import { Passkeys } from '../../../../components/security/passkeys.tsx';
import { Password } from '../../../../components/security/password.tsx';
import { SecondFactor } from '../../../../components/security/second-factor.tsx';
import { SettingsPage } from '../../../../components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Security' };

/** A section for each way in and each thing that keeps others out. */
export default function SecurityPage() {
  return (
    <SettingsPage title="Security" description="How you get in, and what keeps others out.">
      <EmailLink />
      <Passkeys />
      <SecondFactor />
      <Password />
      <ConnectedAccounts />
    </SettingsPage>
  );
}

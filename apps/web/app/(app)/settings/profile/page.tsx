import { type Metadata } from 'next';
import { EmailAddress } from '../../../../components/account/email-address.tsx';
import { PersonName } from '../../../../components/account/person-name.tsx';
import { ProfileSettings } from '../../../../components/profile/profile-settings.tsx';
import { SettingsPage } from '../../../../components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Profile' };

export default function ProfilePage() {
  return (
    <SettingsPage title="Profile" description="Who you are, and the business that plans are written for.">
      <PersonName />
      <EmailAddress />
      <ProfileSettings />
    </SettingsPage>
  );
}

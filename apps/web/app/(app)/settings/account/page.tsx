import { type Metadata } from 'next';
import { DataCopy } from '../../../../components/account/data-copy.tsx';
import { DeleteAccount } from '../../../../components/account/delete-account.tsx';
import { SettingsPage } from '../../../../components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Account' };

export default function AccountPage() {
  return (
    <SettingsPage title="Account" description="Take your data with you, or leave.">
      <DataCopy />
      <DeleteAccount />
    </SettingsPage>
  );
}

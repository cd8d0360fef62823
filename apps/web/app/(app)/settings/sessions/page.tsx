import { type Metadata } from 'next';
import { SessionList } from '../../../../components/sessions/session-list.tsx';
import { SettingsPage } from '../../../../components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Sessions' };

export default function SessionsPage() {
  return (
    <SettingsPage title="Sessions" description="Where you are signed in. Sign out anything you do not recognise.">
      <SessionList />
    </SettingsPage>
  );
}

import { type Metadata } from 'next';
import { ProfileSettings } from '../../../../components/profile/profile-settings.tsx';

export const metadata: Metadata = { title: 'Business profile' };

export default function ProfilePage() {
  return <ProfileSettings />;
}

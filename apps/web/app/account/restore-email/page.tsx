import { type Metadata } from 'next';
import { RestoreEmail } from '../../../components/account/restore-email.tsx';

export const metadata: Metadata = { title: 'Take the account back', robots: { index: false } };

export default function Page() {
  return <RestoreEmail />;
}

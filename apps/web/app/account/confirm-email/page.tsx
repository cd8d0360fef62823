import { type Metadata } from 'next';
import { ConfirmEmail } from '../../../components/account/confirm-email.tsx';

export const metadata: Metadata = { title: 'Change of address', robots: { index: false } };

export default function Page() {
  return <ConfirmEmail />;
}

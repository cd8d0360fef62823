import { type Metadata } from 'next';
import { ResetPassword } from '../../../components/sign-in/reset-password.tsx';

export const metadata: Metadata = { title: 'Set a new password', robots: { index: false } };

export default function Page() {
  return <ResetPassword />;
}

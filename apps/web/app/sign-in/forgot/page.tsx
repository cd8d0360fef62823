import { type Metadata } from 'next';
import { ForgotPassword } from '../../../components/sign-in/forgot-password.tsx';

export const metadata: Metadata = { title: 'Forgot your password', robots: { index: false } };

export default function Page() {
  return <ForgotPassword />;
}

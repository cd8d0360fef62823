import { type Metadata } from 'next';
import { VerifyLink } from '../../../components/sign-in/verify-link.tsx';

export const metadata: Metadata = { title: 'Finish signing in', robots: { index: false } };

export default function VerifyPage() {
  return <VerifyLink />;
}

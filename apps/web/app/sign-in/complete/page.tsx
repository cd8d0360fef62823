import { type Metadata } from 'next';
import { CompleteSignIn } from '../../../components/sign-in/complete-sign-in.tsx';

export const metadata: Metadata = { title: 'Signing in', robots: { index: false } };

export default function CompletePage() {
  return <CompleteSignIn />;
}

import { type Metadata } from 'next';
import { KeepByLink } from '../../../components/account/keep-by-link.tsx';

export const metadata: Metadata = { title: 'Keep your account', robots: { index: false } };

export default function Page() {
  return <KeepByLink />;
}

import { type Metadata } from 'next';
import { ConfirmAddress } from '../../../components/sign-in/confirm-address.tsx';

export const metadata: Metadata = { title: 'Confirm your address', robots: { index: false } };

export default function Page() {
  return <ConfirmAddress />;
}

import { type Metadata } from 'next';
import { Leaving } from '../../../components/account/leaving.tsx';

export const metadata: Metadata = { title: 'Deleting an account', robots: { index: false } };

export default function Page() {
  return <Leaving />;
}

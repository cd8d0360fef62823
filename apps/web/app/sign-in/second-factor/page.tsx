import { type Metadata } from 'next';
import { SecondFactor } from '../../../components/sign-in/second-factor.tsx';

export const metadata: Metadata = { title: 'Second step', robots: { index: false } };

export default function SecondFactorPage() {
  return <SecondFactor />;
}

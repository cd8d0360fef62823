import { type Metadata } from 'next';
import { Dashboard } from '../../../components/plans/dashboard.tsx';

export const metadata: Metadata = { title: 'Plans' };

export default function PlansPage() {
  return <Dashboard />;
}

import { type Metadata } from 'next';
import { ProviderProblem } from '../../../components/sign-in/provider-problem.tsx';

export const metadata: Metadata = { title: 'Not signed in', robots: { index: false } };

export default function ProblemPage() {
  return <ProviderProblem />;
}

import { type Metadata } from 'next';
import { PlainShell } from '../../components/shell/plain-shell.tsx';
import { UserMenu } from '../../components/shell/user-menu.tsx';
import { SessionGate } from '../../components/session/session-gate.tsx';
import { parseStep, stepTitle } from '../../components/welcome/steps.tsx';
import { Welcome } from '../../components/welcome/welcome.tsx';

interface Props {
  searchParams: Promise<{ step?: string | string[] }>;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { step } = await searchParams;
  return { title: stepTitle(parseStep(typeof step === 'string' ? step : null)) };
}

export default function WelcomePage() {
  return (
    <PlainShell aside={<UserMenu />}>
      <SessionGate>
        <Welcome />
      </SessionGate>
    </PlainShell>
  );
}

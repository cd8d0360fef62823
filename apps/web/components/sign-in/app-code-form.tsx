'use client';
import { problemCode, tell } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';
import { CodeEntry } from './code-entry.tsx';

export function AppCodeForm({ onOver }: { onOver: () => void }) {
  const { session } = useServices();

  async function verify(code: string) {
    try {
      await session.verifySecondFactor({ code });
    } catch (error) {
      if (problemCode(error) === 'challenge-unknown') onOver();
      throw error;
    }
  }

  return (
    <CodeEntry
      label="Code from your app"
      digits
      autoFocus
      hint="It changes every 30 seconds."
      verify={verify}
      explain={explain}
    />
  );
}

function explain(problem: unknown): string {
  const { title, detail } = tell(problem);
  if (problemCode(problem) !== 'code-invalid') return `${title}. ${detail}`;
  return detail || 'This code is not right, or was used already. Wait for the next one.';
}

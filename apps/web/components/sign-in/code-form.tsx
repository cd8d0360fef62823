'use client';
import { problemCode, tell } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';
import { CodeEntry } from './code-entry.tsx';

/** For the code in the mail. */
export function CodeForm({ attemptId }: { attemptId: string }) {
  const { session } = useServices();
  return (
    <CodeEntry label="Sign-in code" verify={(code) => session.verifyMagicLink({ attemptId, code })} explain={explain} />
  );
}

const explanations: Record<string, string> = {
  'code-invalid': 'This code is not right. Check the newest mail and try again.',
  'link-expired': 'This code has expired. Send a new one.',
  'link-used': 'This code was used already. Send a new one.',
  'link-superseded': 'A newer mail was sent; only its code works.',
  'attempt-unknown': 'This browser did not ask for that code. Send a new one.',
};

function explain(problem: unknown): string {
  const known = explanations[problemCode(problem) ?? ''];
  if (known !== undefined) return known;
  const { title, detail } = tell(problem);
  return `${title}. ${detail}`;
}

import { Callout } from '@alva/ui';
import { type Told } from '../../lib/problems.ts';

/** What went wrong, beside what was tried. */
export function ProblemCallout({ problem }: { problem: Told | undefined }) {
  if (problem === undefined) return null;
  return (
    <Callout tone="danger" role="alert" title={problem.title}>
      {problem.detail}
    </Callout>
  );
}

import { Callout } from '@alva/ui';
import { type Told } from '../lib/problems.ts';

/** What went wrong, beside what was tried. */
export function ProblemCallout({ problem }: { problem: Pick<Told, 'title' | 'detail'> | undefined }) {
  if (problem === undefined) return null;
  return (
    <Callout tone="danger" role="alert" title={problem.title}>
      {problem.detail}
    </Callout>
  );
}

import { type JobProgress } from '../../lib/job-progress.ts';

/** Says changes of state and step to screen readers, not the text itself: that is there to be read at one's own pace. */
export function Announcer({ progress }: { progress: JobProgress }) {
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {sentence(progress)}
    </p>
  );
}

function sentence({ state, position, steps, error }: JobProgress): string {
  switch (state) {
    case null:
      return '';
    case 'queued':
      return position === null || position <= 1 ? 'Queued, next in line.' : `Queued, place ${position} in line.`;
    case 'running': {
      const step = steps.at(-1);
      return step === undefined ? 'Writing has begun.' : `${step}.`;
    }
    case 'succeeded':
      return 'The plan is finished.';
    case 'cancelled':
      return 'Cancelled.';
    case 'failed':
      return `The plan could not be finished. ${error?.detail ?? ''}`;
  }
}

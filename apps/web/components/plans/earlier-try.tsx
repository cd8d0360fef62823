'use client';
import { type WrittenPart } from '../../lib/job-progress.ts';
import { useJobProgress } from './use-job-progress.ts';
import { WrittenParts } from './written-parts.tsx';

/** What the try before had written, until the new one has something of its own to show. */
export function EarlierTry({ jobId }: { jobId: string }) {
  const { progress } = useJobProgress(jobId);
  return progress.parts.length > 0 && <EarlierParts parts={progress.parts} />;
}

export function EarlierParts({ parts }: { parts: WrittenPart[] }) {
  return (
    <div className="border-l-2 border-line pl-5">
      <p className="mb-6 text-sm text-muted">From the try before. The new text takes its place as it is written.</p>
      <WrittenParts parts={parts} writing={false} />
    </div>
  );
}

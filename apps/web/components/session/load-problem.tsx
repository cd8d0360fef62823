'use client';
import { Button } from '@alva/ui';
import { tell } from '../../lib/problems.ts';
import { NoticePage } from './notice-page.tsx';
import { RequestId } from './request-id.tsx';

/** What a page cannot be without could not be had. */
export function LoadProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, detail, requestId } = tell(error);
  return (
    <NoticePage title={title} actions={<Button onClick={onRetry}>Try again</Button>}>
      <p>{detail}</p>
      {requestId !== undefined && <RequestId id={requestId} />}
    </NoticePage>
  );
}

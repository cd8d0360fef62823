'use client';
import { Skeleton } from '@alva/ui';
import { type Plan } from '@alva/validation';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { formatDate } from '../../lib/format.ts';
import { isOver } from '../../lib/job-progress.ts';
import { useRefreshPlans } from '../../lib/queries.ts';
import { Announcer } from './announcer.tsx';
import { EarlierParts, EarlierTry } from './earlier-try.tsx';
import { PlanLayout } from './plan-layout.tsx';
import { planTitle } from './plan-list.tsx';
import { PlanStatusBadge } from './plan-status.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { StoppedNotice } from './stopped-notice.tsx';
import { useJobProgress } from './use-job-progress.ts';
import { WrittenParts } from './written-parts.tsx';

/** A plan that is being written, or that stopped before it was finished: both show what there is of it. */
export function LivePlan({ plan }: { plan: Plan }) {
  const { progress, connected } = useJobProgress(plan.jobId);
  const refreshPlans = useRefreshPlans();
  const earlierJobId = useSearchParams().get('after');

  const over = isOver(progress.state);
  const outdated = over && plan.status === 'generating';
  useEffect(() => {
    // The last event is there: what is stored now is the plan as it stays.
    if (outdated) void refreshPlans();
  }, [outdated, refreshPlans]);

  const stopped = progress.state === 'failed' || progress.state === 'cancelled' || plan.status !== 'generating';
  const writing = !stopped && !over;
  return (
    <PlanLayout
      title={planTitle({ ...plan, status: stopped ? 'failed' : 'generating' })}
      meta={
        <>
          <span>For {plan.clientProfile.businessName}</span>
          <time dateTime={plan.createdAt}>{formatDate(plan.createdAt)}</time>
          <PlanStatusBadge
            status={
              stopped
                ? progress.state === 'cancelled' || plan.status === 'cancelled'
                  ? 'cancelled'
                  : 'failed'
                : 'generating'
            }
          />
        </>
      }
      aside={
        stopped ? (
          <StoppedNotice plan={plan} progress={progress} />
        ) : (
          <ProgressPanel plan={plan} progress={progress} connected={connected} />
        )
      }
    >
      <Announcer progress={progress} />
      {progress.parts.length > 0 ? (
        <WrittenParts parts={progress.parts} writing={writing} />
      ) : progress.earlierParts.length > 0 ? (
        <EarlierParts parts={progress.earlierParts} />
      ) : !writing ? (
        <p className="text-muted">Nothing had been written yet.</p>
      ) : earlierJobId !== null ? (
        <EarlierTry jobId={earlierJobId} />
      ) : (
        <BlankPage />
      )}
    </PlanLayout>
  );
}

/** Lines to come. */
function BlankPage() {
  return (
    <div aria-hidden="true" className="grid gap-3.5">
      {['w-full', 'w-11/12', 'w-full', 'w-3/5'].map((width, index) => (
        <Skeleton key={index} className={`h-5 ${width}`} />
      ))}
    </div>
  );
}

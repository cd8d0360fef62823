'use client';
import { buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useEffect } from 'react';
import { problemCode } from '../../lib/problems.ts';
import { usePlan } from '../../lib/queries.ts';
import { LoadProblem } from '../session/load-problem.tsx';
import { NoticePage } from '../session/notice-page.tsx';
import { LivePlan } from './live-plan.tsx';
import { PlanDocument } from './plan-document.tsx';
import { planTitle } from './plan-list.tsx';
import { PlanSkeleton } from './plan-skeleton.tsx';

/** One plan in whatever state it is: being written, stopped, or finished. */
export function PlanPage({ id }: { id: string }) {
  const { data: plan, error, refetch } = usePlan(id);

  useEffect(() => {
    if (plan !== undefined) document.title = `${planTitle(plan)} · Alva`;
  }, [plan]);

  if (plan === undefined) {
    if (problemCode(error) === 'not-found') return <PlanNotFound />;
    return error === null ? <PlanSkeleton /> : <LoadProblem error={error} onRetry={() => void refetch()} />;
  }
  // A new job is a new story: nothing of the one before may linger in its view.
  return plan.status === 'ready' ? <PlanDocument plan={plan} /> : <LivePlan key={plan.jobId} plan={plan} />;
}

function PlanNotFound() {
  return (
    <NoticePage
      eyebrow="404"
      title="There is no such plan"
      actions={
        <Link href="/plans" className={buttonStyles()}>
          Go to your plans
        </Link>
      }
    >
      <p>It may have been deleted, or it belongs to another account than the one you are signed in with.</p>
    </NoticePage>
  );
}

'use client';
import { Button, buttonStyles, EmptyState, PageHeader } from '@alva/ui';
import Link from 'next/link';
import { usePlans, useProfile } from '../../lib/queries.ts';
import { LoadProblem } from '../session/load-problem.tsx';
import { EmptyFigure } from './empty-figure.tsx';
import { NewPlanButton } from './new-plan-button.tsx';
import { PlanList, PlanListSkeleton } from './plan-list.tsx';

export function Dashboard() {
  const plans = usePlans();
  const profile = useProfile();
  // Without the profile the page would offer the wrong first step, so it cannot be without either.
  const missing = [plans, profile].filter(({ isError, data }) => isError && data === undefined);
  if (missing[0] !== undefined) {
    return <LoadProblem error={missing[0].error} onRetry={() => missing.forEach(({ refetch }) => void refetch())} />;
  }
  const items = plans.data?.pages.flatMap((page) => page.items);
  const loading = items === undefined || profile.isPending;
  const hasProfile = profile.data != null;
  return (
    <div className="mx-auto w-full max-w-[72rem] px-4 py-8 sm:px-6 sm:py-12">
      <PageHeader
        title="Plans"
        description={running(items?.filter(({ status }) => status === 'generating').length ?? 0)}
        actions={!loading && items.length > 0 && <NewPlanButton hasProfile={hasProfile} />}
      />
      <div className="mt-8">
        {loading ? (
          <PlanListSkeleton />
        ) : items.length > 0 ? (
          <>
            <PlanList plans={items} />
            {plans.hasNextPage && (
              <Button
                variant="secondary"
                className="mt-6"
                pending={plans.isFetchingNextPage}
                onClick={() => void plans.fetchNextPage()}
              >
                Show older plans
              </Button>
            )}
          </>
        ) : (
          <EmptyState
            figure={<EmptyFigure />}
            title={hasProfile ? 'No plan yet' : 'Your first plan starts with your business'}
            action={
              hasProfile ? (
                <NewPlanButton hasProfile />
              ) : (
                <Link href="/welcome" className={buttonStyles()}>
                  Describe your business
                </Link>
              )
            }
          >
            {hasProfile
              ? 'It is written from your business profile in about a minute, and you can watch.'
              : 'Four short steps, saved as you type. Then the plan is written while you watch.'}
          </EmptyState>
        )}
      </div>
    </div>
  );
}

function running(count: number): string {
  if (count === 0) return 'What to do, where, and for how much.';
  return count === 1 ? 'One plan is being written right now.' : `${count} plans are being written right now.`;
}

'use client';
import { Skeleton } from '@alva/ui';
import { type PlanOverview } from '@alva/validation';
import Link from 'next/link';
import { formatDate } from '../../lib/format.ts';
import { PlanStatusBadge } from './plan-status.tsx';

/** A table of contents rather than a wall of cards: title, gist, day. */
export function PlanList({ plans }: { plans: PlanOverview[] }) {
  return (
    <ul className="border-t border-line">
      {plans.map((plan) => (
        <li key={plan.id} className="group relative border-b border-line">
          <div className="grid gap-x-8 gap-y-1.5 py-5 sm:grid-cols-[minmax(0,1fr)_auto]">
            <div className="min-w-0">
              <h2 className="type-display text-xl text-ink">
                <Link
                  href={`/plans/${plan.id}`}
                  className="rounded-xs text-ink decoration-accent/50 decoration-1 underline-offset-4 group-hover:underline after:absolute after:inset-0"
                >
                  {planTitle(plan)}
                </Link>
              </h2>
              <p className="mt-1 line-clamp-2 max-w-[44rem] text-sm text-muted">{gist(plan)}</p>
            </div>
            <div className="flex items-center gap-3 sm:flex-col sm:items-end sm:justify-between">
              <time dateTime={plan.createdAt} className="text-sm text-subtle tabular sm:pt-1">
                {formatDate(plan.createdAt)}
              </time>
              <span className="flex gap-2">
                {plan.generator?.demo && <span className="text-xs text-subtle">Demo planner</span>}
                <PlanStatusBadge status={plan.status} />
              </span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function planTitle({ title, status }: Pick<PlanOverview, 'title' | 'status'>): string {
  if (title !== '') return title;
  return status === 'generating' ? 'A plan in the making' : 'Unfinished plan';
}

function gist({ summary, status }: PlanOverview): string {
  if (summary !== '') return summary;
  if (status === 'generating') return 'Open it to watch it being written.';
  return 'Open it to see how far it came and to try again.';
}

export function PlanListSkeleton() {
  return (
    <div aria-busy="true" className="border-t border-line">
      <p role="status" className="sr-only">
        Loading your plans
      </p>
      {['w-72', 'w-56', 'w-64'].map((width) => (
        <div key={width} className="border-b border-line py-5">
          <Skeleton className={`h-6 max-w-full ${width}`} />
          <Skeleton className="mt-3 h-4 w-full max-w-140" />
          <Skeleton className="mt-2 h-4 w-2/3 max-w-90" />
        </div>
      ))}
    </div>
  );
}

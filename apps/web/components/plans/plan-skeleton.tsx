import { Skeleton } from '@alva/ui';

export function PlanSkeleton() {
  return (
    <div aria-busy="true" className="mx-auto w-full max-w-[72rem] px-4 pt-5 pb-20 sm:px-6 sm:pt-8">
      <p role="status" className="sr-only">
        Loading the plan
      </p>
      <Skeleton className="h-5 w-16" />
      <Skeleton className="mt-6 h-10 w-full max-w-120" />
      <Skeleton className="mt-5 h-5 w-48" />
      <div className="mt-9 grid gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="grid content-start gap-3">
          {['w-full', 'w-11/12', 'w-full', 'w-4/5', 'w-2/3'].map((width, index) => (
            <Skeleton key={index} className={`h-5 ${width}`} />
          ))}
        </div>
        <Skeleton className="h-64 rounded-lg max-lg:hidden" />
      </div>
    </div>
  );
}

import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode } from 'react';

interface PlanLayoutProps {
  title: string;
  meta: ReactNode;
  /** Opens the text; on narrow screens the side column comes right after it. */
  lead?: ReactNode;
  aside: ReactNode;
  children: ReactNode;
}

/** The same frame for a plan in the making and a finished one, so that nothing jumps when one becomes the other. */
export function PlanLayout({ title, meta, lead, aside, children }: PlanLayoutProps) {
  return (
    <div className="mx-auto w-full max-w-[72rem] px-4 pt-5 pb-20 sm:px-6 sm:pt-8">
      <Link
        href="/plans"
        className="-ml-1 inline-flex h-8 items-center gap-1 rounded-sm pr-2 text-sm text-muted hover:text-ink print:hidden"
      >
        <ChevronLeft aria-hidden="true" className="size-4" /> Plans
      </Link>
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem] lg:grid-rows-[auto_auto_1fr] print:block">
        <header className="lg:col-span-2">
          <h1 className="max-w-[46rem] type-display text-3xl text-ink sm:text-[2.75rem] sm:leading-[1.1]">{title}</h1>
          <div className="mt-4 flex min-h-6 flex-wrap items-center gap-x-3 gap-y-2 text-sm text-subtle">{meta}</div>
        </header>
        {lead !== undefined && <div className="max-w-[42rem] print:mt-8">{lead}</div>}
        <aside className="print:my-8 lg:col-start-2 lg:row-span-2 lg:row-start-2">
          <div className="grid items-start gap-5 sm:max-lg:grid-cols-2 lg:sticky lg:top-20 [&>*:only-child]:col-span-full">
            {aside}
          </div>
        </aside>
        <article className="max-w-[42rem] min-w-0 lg:col-start-1">{children}</article>
      </div>
    </div>
  );
}

import { cn } from './cn.ts';

/** A place holder of the size of what will come; the region around it says "loading" once, by words. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn('block animate-pulse-soft rounded-sm bg-line/80', className)} />;
}

'use client';
import { Progress as Base } from '@base-ui/react/progress';

/** A thin determinate bar; its label is for screen readers, the page shows its own words. */
export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <Base.Root value={value} aria-label={label}>
      <Base.Track className="block h-1 overflow-hidden rounded-full bg-hover">
        <Base.Indicator className="block h-full rounded-full bg-accent transition-[width] duration-500 ease-out" />
      </Base.Track>
    </Base.Root>
  );
}

import { cn } from '@alva/ui';

/** Four strokes of a budget: what the product is about, small enough for a tab. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={cn('size-5', className)}>
      <g fill="currentColor">
        <rect x="1" y="10" width="3.2" height="9" rx="1.6" />
        <rect x="6" y="4.5" width="3.2" height="14.5" rx="1.6" />
        <rect x="11" y="1" width="3.2" height="18" rx="1.6" className="text-accent" />
        <rect x="16" y="13" width="3.2" height="6" rx="1.6" />
      </g>
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2 text-ink', className)}>
      <LogoMark />
      <span className="type-display text-[1.375rem] leading-none">Alva</span>
    </span>
  );
}

import { type ReactNode } from 'react';
import { cn } from './cn.ts';

interface EmptyStateProps {
  figure?: ReactNode;
  title: string;
  children: ReactNode;
  /** Just one. */
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ figure, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        'grid justify-items-center gap-3 rounded-xl border border-dashed border-edge/50 px-6 py-14 text-center',
        className,
      )}
    >
      {figure}
      <h2 className="type-display text-xl text-ink">{title}</h2>
      <div className="max-w-[26rem] text-sm text-balance text-muted">{children}</div>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

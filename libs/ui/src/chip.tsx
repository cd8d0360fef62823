'use client';
import { Plus, X } from 'lucide-react';
import { type ComponentProps } from 'react';
import { cn } from './cn.ts';

/** Something already chosen, with a way to take it back. */
export function Chip({
  children,
  onRemove,
  removeLabel,
}: {
  children: string;
  onRemove: () => void;
  removeLabel: string;
}) {
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-full border border-accent/35 bg-accent-soft py-1 pr-1 pl-3 text-sm text-accent-ink">
      <span className="min-w-0 break-words">{children}</span>
      <button
        type="button"
        aria-label={removeLabel}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-full hover:bg-accent/15"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}

/** A suggestion that one press adds. */
export function SuggestionChip({ children, className, ...props }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className={cn(
        'inline-flex min-h-8 items-center gap-1.5 rounded-full border border-dashed border-edge/70 px-3 py-1 text-left text-sm text-muted',
        'transition-colors enabled:hover:border-solid enabled:hover:border-edge enabled:hover:text-ink disabled:opacity-50',
        className,
      )}
      {...props}
    >
      <Plus aria-hidden="true" className="size-3.5 shrink-0" />
      {children}
    </button>
  );
}

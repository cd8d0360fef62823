import { Check } from 'lucide-react';
import { type ComponentProps, type ReactNode } from 'react';
import { cn } from './cn.ts';

interface ChoiceCardProps extends Omit<ComponentProps<'input'>, 'type' | 'title'> {
  /** One of several, or any number. */
  type: 'radio' | 'checkbox';
  title: string;
  description?: string;
  /** Stands before the title, such as a channel's mark. */
  mark?: ReactNode;
}

/** A native radio or checkbox whose whole card is the target. */
export function ChoiceCard({ type, title, description, mark, className, ...props }: ChoiceCardProps) {
  return (
    <label
      className={cn(
        'group relative flex cursor-pointer items-start gap-3 rounded-lg border border-line bg-surface p-3.5 transition-colors',
        'hover:border-edge/70 has-checked:border-accent has-checked:bg-accent-soft/60',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        className,
      )}
    >
      <input
        type={type}
        className="peer absolute inset-0 size-full cursor-pointer appearance-none rounded-lg outline-none"
        {...props}
      />
      {mark}
      <span className="min-w-0 flex-1">
        <span className="block text-sm font-medium text-ink">{title}</span>
        {description !== undefined && <span className="block text-sm text-pretty text-muted">{description}</span>}
      </span>
      <span
        aria-hidden="true"
        className={cn(
          'mt-0.5 grid size-4.5 shrink-0 place-items-center border border-edge bg-surface text-transparent transition-colors',
          'group-has-checked:border-accent group-has-checked:bg-accent group-has-checked:text-on-accent',
          type === 'radio' ? 'rounded-full' : 'rounded-xs',
        )}
      >
        {type === 'radio' ? (
          <span className="size-1.5 rounded-full bg-current" />
        ) : (
          <Check className="size-3" strokeWidth={3} />
        )}
      </span>
    </label>
  );
}

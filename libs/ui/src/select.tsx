import { ChevronDown } from 'lucide-react';
import { type ComponentProps } from 'react';
import { cn } from './cn.ts';
import { controlStyles } from './input.tsx';

/** The platform's own select: on a phone nothing beats its wheel, and it needs no script. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative block', className)}>
      <select className={cn(controlStyles, 'h-11 appearance-none pr-9 sm:h-10')} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}

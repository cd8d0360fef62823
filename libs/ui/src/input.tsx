import { type ComponentProps } from 'react';
import { cn } from './cn.ts';

export const controlStyles = cn(
  'w-full rounded-md border border-edge/80 bg-surface px-3 text-base text-ink shadow-control sm:text-sm',
  'placeholder:text-subtle transition-[border-color] duration-150 hover:border-edge',
  'focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1',
  'aria-invalid:border-danger aria-invalid:focus-visible:outline-danger',
  'disabled:cursor-not-allowed disabled:opacity-60',
);

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(controlStyles, 'h-11 sm:h-10', className)} {...props} />;
}

/** Grows with its text, so nobody writes through a keyhole. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={cn(controlStyles, 'field-sizing-content min-h-24 py-2.5 leading-relaxed', className)}
      {...props}
    />
  );
}

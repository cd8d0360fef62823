'use client';
import { cva, type VariantProps } from 'class-variance-authority';
import { type ComponentProps } from 'react';
import { cn } from './cn.ts';
import { Spinner } from './spinner.tsx';

/** Also for links that look like buttons: `<Link className={buttonStyles({ … })}>`. */
export const buttonStyles = cva(
  [
    'relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none',
    'transition-[background-color,border-color,color,box-shadow] duration-150',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-busy:cursor-progress',
    '[&_svg:not([class*=size-])]:size-4 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent shadow-control enabled:hover:bg-accent-strong [a&]:hover:bg-accent-strong',
        secondary:
          'border border-edge/55 bg-surface text-ink shadow-control enabled:hover:bg-hover [a&]:hover:bg-hover',
        quiet: 'text-muted enabled:hover:bg-hover enabled:hover:text-ink [a&]:hover:bg-hover [a&]:hover:text-ink',
        danger: 'bg-danger text-on-danger shadow-control enabled:hover:bg-danger-strong',
        link: 'h-auto! rounded-xs p-0! text-accent-ink underline decoration-accent/40 underline-offset-4 hover:decoration-accent',
      },
      size: {
        sm: 'h-8 px-3 text-sm',
        md: 'h-10 px-4 text-sm',
        lg: 'h-12 px-5 text-base',
        icon: 'size-10',
      },
      block: { true: 'w-full', false: '' },
    },
    defaultVariants: { variant: 'primary', size: 'md', block: false },
  },
);

type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonStyles> & {
    /** Shows a spinner over the label's place, keeps the width and refuses further clicks. */
    pending?: boolean;
  };

export function Button({ variant, size, block, pending = false, className, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={cn(buttonStyles({ variant, size, block }), className)}
      aria-busy={pending || undefined}
      // Not `disabled`: a button that vanishes from the tab order while it works would drop the keyboard's place.
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else onClick?.(event);
      }}
      {...props}
    >
      {/* Faded, not hidden: the label stays the button's accessible name. */}
      <span className={cn('inline-flex items-center gap-2', pending && 'opacity-0')}>{children}</span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  );
}

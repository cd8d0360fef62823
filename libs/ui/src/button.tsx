'use client';
import { type VariantProps } from 'class-variance-authority';
import { type ComponentProps } from 'react';
import { buttonStyles } from './button-styles.ts';
import { cn } from './cn.ts';
import { Spinner } from './spinner.tsx';

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

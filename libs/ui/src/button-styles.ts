import { cva } from 'class-variance-authority';

/**
 * Also for links that look like buttons: `<Link className={buttonStyles({ … })}>`. Apart from the button itself,
 * because pages drawn on the server call it too.
 */
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

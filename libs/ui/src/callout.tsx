import { cva, type VariantProps } from 'class-variance-authority';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { type ReactNode } from 'react';
import { cn } from './cn.ts';

// Only the mark and the frame carry the tone: whole sentences in red are hard to read.
const calloutStyles = cva('flex items-start gap-3 rounded-lg border p-4 text-sm text-muted', {
  variants: {
    tone: {
      info: 'border-line bg-sunken [&>svg]:text-muted',
      warning: 'border-warning-ink/25 bg-warning-soft [&>svg]:text-warning-ink',
      danger: 'border-danger-ink/25 bg-danger-soft [&>svg]:text-danger-ink',
    },
  },
  defaultVariants: { tone: 'info' },
});

const icons = { info: Info, warning: TriangleAlert, danger: CircleAlert };

type CalloutProps = VariantProps<typeof calloutStyles> & {
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
  /** Set `alert` when it appears in answer to something the person just did. */
  role?: 'alert' | 'status' | 'note';
};

export function Callout({ tone, title, children, actions, className, role }: CalloutProps) {
  const Icon = icons[tone ?? 'info'];
  return (
    <div role={role} className={cn(calloutStyles({ tone }), className)}>
      <Icon aria-hidden="true" className="mt-[0.2rem] size-4 shrink-0" />
      <div className="grid min-w-0 flex-1 gap-1">
        {title !== undefined && <p className="font-medium text-ink">{title}</p>}
        {children}
        {actions !== undefined && <div className="mt-2 flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </div>
  );
}

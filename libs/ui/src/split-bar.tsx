'use client';
import { channelColors, type Channel } from './channel.ts';
import { cn } from './cn.ts';

export interface Share {
  channel: Channel;
  name: string;
  /** Percent of the whole. */
  share: number;
}

/**
 * How a whole is split, as one bar: the mark of the product, wherever a budget is meant.
 * It is a picture; put the same figures beside it as text.
 */
export function SplitBar({
  shares,
  label,
  className,
}: {
  shares: readonly Share[];
  label: string;
  className?: string;
}) {
  return (
    <div
      role="img"
      aria-label={label}
      className={cn('flex h-2 gap-px overflow-hidden rounded-full bg-line', className)}
    >
      {shares
        .filter(({ share }) => share > 0)
        .map(({ channel, share }) => (
          <span
            key={channel}
            className={cn('min-w-1 transition-[flex-grow] duration-500 ease-out', channelColors[channel].fill)}
            ref={grow(share)}
          />
        ))}
    </div>
  );
}

// A style attribute in server-rendered HTML would need 'unsafe-inline' in the policy; the style object of a live element does not.
function grow(share: number) {
  return (element: HTMLElement | null) => {
    if (element !== null) element.style.flex = `${share} 1 0%`;
  };
}

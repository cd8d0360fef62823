import { channelColors, type Channel } from './channel.ts';
import { cn } from './cn.ts';

/** The small upright stroke that stands for a channel beside its name. */
export function ChannelMark({ channel, className }: { channel: Channel; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn('inline-block h-3.5 w-1 shrink-0 rounded-full', channelColors[channel].fill, className)}
    />
  );
}

import { ChannelMark, SplitBar } from '@alva/ui';
import { channelNames } from '../../lib/channels.ts';

const shares = [
  { channel: 'ppc', share: 42 },
  { channel: 'email', share: 24 },
  { channel: 'social', share: 20 },
  { channel: 'blog', share: 14 },
] as const;

const tasks = [
  { channel: 'ppc', title: 'Set up two ad groups: “repair” and “service”', due: '3 Mar' },
  { channel: 'email', title: 'Write to everyone whose last service is a year ago', due: '5 Mar' },
  { channel: 'blog', title: 'Answer “how often should I service my bike?”', due: '10 Mar' },
] as const;

/** A corner of a real plan instead of a picture of one. */
export function Specimen() {
  return (
    <figure className="rounded-xl border border-line bg-surface p-6 shadow-float sm:p-8">
      <figcaption className="text-sm text-subtle">From a plan for a bicycle workshop</figcaption>
      <p className="mt-2 type-display text-2xl text-ink">Fill the spring, keep the autumn</p>
      <p className="mt-3 text-sm text-muted">
        People look for a workshop twice: when something breaks, and when the weather turns. The plan pays for the first
        moment and earns the second with letters to those who came before.
      </p>
      <div className="mt-6">
        <div className="flex items-baseline justify-between">
          <p className="text-sm text-muted">Monthly budget</p>
          <p className="type-display text-xl text-ink">€1,200</p>
        </div>
        <SplitBar
          className="mt-2.5"
          shares={shares.map(({ channel, share }) => ({ channel, name: channelNames[channel], share }))}
          label={`Budget by channel: ${shares.map(({ channel, share }) => `${channelNames[channel]} ${share} %`).join(', ')}`}
        />
        <ul className="mt-3 grid grid-cols-2 gap-x-4 gap-y-1 text-xs text-muted">
          {shares.map(({ channel, share }) => (
            <li key={channel} className="flex items-center gap-1.5">
              <ChannelMark channel={channel} className="h-2.5" />
              {channelNames[channel]} <span className="text-subtle tabular">{share} %</span>
            </li>
          ))}
        </ul>
      </div>
      <ul className="mt-6 border-t border-line">
        {tasks.map(({ channel, title, due }) => (
          <li
            key={title}
            className="flex items-start gap-3 border-b border-line py-2.5 text-sm last:border-b-0 last:pb-0"
          >
            <ChannelMark channel={channel} className="mt-1" />
            <span className="flex-1 text-ink">{title}</span>
            <span className="text-subtle tabular">{due}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

import { ChannelMark } from '@alva/ui';
import { channelNames } from '../../lib/channels.ts';
import { type WrittenPart } from '../../lib/job-progress.ts';
import { PlanMarkdown } from './plan-markdown.tsx';

/** What has been written so far; the last part carries the caret while the writing goes on. */
export function WrittenParts({ parts, writing }: { parts: WrittenPart[]; writing: boolean }) {
  return (
    <div className="grid gap-14">
      {parts.map(({ part, heading, text }, index) => {
        const here = writing && index === parts.length - 1;
        if (part === 'summary') {
          return (
            // As close to the first section as in the finished plan, so that nothing jumps at the end.
            <div key={part} className="plan-lead -mb-6">
              <PlanMarkdown writing={here}>{text}</PlanMarkdown>
            </div>
          );
        }
        return (
          <section key={part} className="animate-rise">
            <p className="flex items-center gap-2 text-sm text-muted">
              <ChannelMark channel={part} /> {channelNames[part]}
            </p>
            <h2 className="mt-1.5 mb-3 type-display text-2xl text-ink">
              {heading === '' ? channelNames[part] : heading}
            </h2>
            <PlanMarkdown writing={here}>{text}</PlanMarkdown>
          </section>
        );
      })}
    </div>
  );
}

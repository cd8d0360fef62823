import { ChannelMark, cn } from '@alva/ui';
import { type PlanTask } from '@alva/validation';
import { Check } from 'lucide-react';
import { channelNames } from '../../lib/channels.ts';
import { formatDay } from '../../lib/format.ts';

export function PlanTasks({ tasks }: { tasks: PlanTask[] }) {
  if (tasks.length === 0) return null;
  const open = tasks.filter(({ status }) => status === 'open').length;
  return (
    <section id="tasks" aria-labelledby="tasks-title">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="tasks-title" className="type-display text-2xl text-ink">
          Tasks
        </h2>
        <p className="text-sm text-muted tabular">
          {open} of {tasks.length} open
        </p>
      </div>
      <ol className="mt-4 border-t border-line">
        {[...tasks]
          .sort((a, b) => a.order - b.order)
          .map((task) => (
            <Task key={task.id} task={task} />
          ))}
      </ol>
    </section>
  );
}

function Task({ task }: { task: PlanTask }) {
  const done = task.status === 'done';
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-b border-line py-4 print:break-inside-avoid">
      <span
        role="img"
        aria-label={done ? 'Done' : 'Open'}
        className={cn(
          'mt-[0.1875rem] grid size-4.5 place-items-center rounded-full border',
          done ? 'border-accent bg-accent text-on-accent' : 'border-edge bg-surface',
        )}
      >
        {done && <Check aria-hidden="true" className="size-3" strokeWidth={3} />}
      </span>
      <div className="grid gap-x-6 gap-y-1 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <h3 className={cn('font-medium', done ? 'text-subtle line-through' : 'text-ink')}>{task.title}</h3>
          {task.detail !== '' && <p className="mt-0.5 text-sm text-muted">{task.detail}</p>}
        </div>
        <p className="flex items-center gap-3 text-sm text-subtle sm:flex-col sm:items-end sm:gap-0.5">
          <time dateTime={task.dueDate} className="text-muted tabular">
            <span className="sr-only">Due </span>
            {formatDay(task.dueDate)}
          </time>
          <span className="flex items-center gap-1.5">
            <ChannelMark channel={task.channel} className="h-3" /> {channelNames[task.channel]}
          </span>
        </p>
      </div>
    </li>
  );
}

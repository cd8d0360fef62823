'use client';
import { Badge, Button, toast } from '@alva/ui';
import { type Session } from '@alva/validation';
import { Laptop, Smartphone } from 'lucide-react';
import { formatAgo, formatCountry, formatDate } from '../../lib/format.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { howOpened } from './how-opened.ts';

interface SessionRowProps {
  session: Session;
  onEnded: () => Promise<void>;
}

export function SessionRow({ session: item, onEnded }: SessionRowProps) {
  const { session } = useServices();
  const { attempt, pending, problem } = useAttempt();
  const Icon = /Android|iOS|iPadOS/.test(item.device) ? Smartphone : Laptop;

  async function end() {
    if (!(await attempt(() => session.account.endSession(item.id)))) return;
    await onEnded();
    toast({ title: 'Signed out', description: item.device });
  }

  return (
    <li className="grid gap-3 p-4 sm:px-5">
      <div className="flex items-start gap-4">
        <span className="grid size-10 shrink-0 place-items-center rounded-md border border-line text-muted [&_svg]:size-5">
          <Icon aria-hidden="true" />
        </span>
        <div className="min-w-0 flex-1 text-sm text-muted">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-base font-medium text-ink">
            {item.device}
            {item.current && <Badge tone="accent">This device</Badge>}
          </p>
          <p>
            {item.country === null ? 'Active' : `${formatCountry(item.country)} · active`}{' '}
            {item.current ? 'now' : formatAgo(item.lastSeenAt)}
          </p>
          <p className="text-subtle">
            Signed in {formatDate(item.createdAt)} {howOpened(item.amr)}
          </p>
        </div>
        {!item.current && (
          <Button variant="secondary" size="sm" pending={pending} onClick={() => void end()}>
            Sign out<span className="sr-only"> {item.device}</span>
          </Button>
        )}
      </div>
      <ProblemCallout problem={problem} />
    </li>
  );
}

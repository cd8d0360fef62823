'use client';
import { Button, Card, ConfirmDialog, Skeleton, toast } from '@alva/ui';
import { useState } from 'react';
import { useReload, useSessions } from '../../lib/account-queries.ts';
import { tell } from '../../lib/problems.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { SessionRow } from './session-row.tsx';

export function SessionList() {
  const { session } = useServices();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions();
  const reload = useReload('sessions');
  const { attempt, pending, problem } = useAttempt();
  const [asking, setAsking] = useState<'others' | 'everywhere'>();
  const items = data?.pages.flatMap((page) => page.items);

  async function endOthers() {
    if (!(await attempt(() => session.account.endOtherSessions()))) return;
    await reload();
    toast({ title: 'Your other devices were signed out' });
  }

  if (items === undefined) {
    return error === null ? <Skeleton className="h-48 rounded-lg" /> : <ProblemCallout problem={tell(error)} />;
  }
  // The one that asks comes first, wherever it is in the list.
  const sorted = [...items].sort((a, b) => Number(b.current) - Number(a.current));
  const others = items.some(({ current }) => !current);
  return (
    <>
      <Card>
        <ul className="divide-y divide-line">
          {sorted.map((item) => (
            <SessionRow key={item.id} session={item} onEnded={reload} />
          ))}
        </ul>
      </Card>
      {hasNextPage && (
        <div>
          <Button variant="secondary" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older sessions
          </Button>
        </div>
      )}
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap items-center gap-2">
        {others ? (
          <Button variant="secondary" pending={pending} onClick={() => setAsking('others')}>
            Sign out other devices
          </Button>
        ) : (
          <p className="mr-2 text-sm text-muted">You are not signed in anywhere else.</p>
        )}
        <Button variant="secondary" onClick={() => setAsking('everywhere')}>
          Sign out everywhere
        </Button>
      </div>
      <ConfirmDialog
        open={asking === 'others'}
        onOpenChange={(open) => open || setAsking(undefined)}
        title="Sign out other devices?"
        confirmLabel="Sign out other devices"
        cancelLabel="Cancel"
        danger
        onConfirm={() => void endOthers()}
      >
        Plans that were started there and are still being written will stop.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'everywhere'}
        onOpenChange={(open) => open || setAsking(undefined)}
        title="Sign out everywhere?"
        confirmLabel="Sign out everywhere"
        cancelLabel="Stay signed in"
        danger
        onConfirm={() => void attempt(() => session.signOutEverywhere())}
      >
        You will be signed out on this device too. Plans being written from other devices will stop.
      </ConfirmDialog>
    </>
  );
}

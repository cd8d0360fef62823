'use client';
import { Button } from '@alva/ui';
import { formatDate } from '../../lib/format.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { NoticePage } from '../session/notice-page.tsx';

/** In place of every page, for somebody who has asked to be deleted and is back. */
export function KeepAccount({ dueAt }: { dueAt: string }) {
  const { session } = useServices();
  const keep = useAttempt();
  const leave = useAttempt();
  return (
    <NoticePage
      eyebrow="Your account"
      title={`Your account will be deleted on ${formatDate(dueAt)}`}
      takeFocus
      actions={
        <>
          <Button pending={keep.pending} onClick={() => void keep.attempt(() => session.account.keep())}>
            Keep my account
          </Button>
          <Button
            variant="secondary"
            pending={leave.pending}
            onClick={() => void leave.attempt(() => session.signOut())}
          >
            Sign out
          </Button>
        </>
      }
    >
      <p>You asked us to delete it. Everything is still here. Keep the account and carry on where you left off.</p>
      <ProblemCallout problem={keep.problem ?? leave.problem} />
    </NoticePage>
  );
}

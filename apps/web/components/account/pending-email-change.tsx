'use client';
import { Badge, Button } from '@alva/ui';
import { type Account } from '@alva/validation';
import { formatMoment } from '../../lib/format.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';

interface PendingEmailChangeProps {
  from: string;
  change: NonNullable<Account['emailChange']>;
  onCancelled: () => Promise<void>;
}

/** Which address has confirmed, and which is waited for. */
export function PendingEmailChange({ from, change, onCancelled }: PendingEmailChangeProps) {
  const { session } = useServices();
  const { attempt, pending, problem } = useAttempt();

  async function cancel() {
    if (await attempt(() => session.account.withdrawEmailChange())) await onCancelled();
  }

  return (
    <div className="grid gap-4">
      <div role="status">
        <ul className="divide-y divide-line rounded-md border border-line text-sm">
          <Mailbox label="Current address" email={from} confirmed={change.oldConfirmed} />
          <Mailbox label="New address" email={change.email} confirmed={change.newConfirmed} />
        </ul>
      </div>
      <p className="text-sm text-muted">
        Open the link in both mails by {formatMoment(change.expiresAt)}. Until then everything stays as it is.
      </p>
      <ProblemCallout problem={problem} />
      <div>
        <Button variant="secondary" pending={pending} onClick={() => void cancel()}>
          Cancel the change
        </Button>
      </div>
    </div>
  );
}

function Mailbox({ label, email, confirmed }: { label: string; email: string; confirmed: boolean }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="text-subtle">{label}</p>
        <p className="font-medium wrap-anywhere text-ink">{email}</p>
      </div>
      <Badge tone={confirmed ? 'accent' : 'neutral'}>{confirmed ? 'Confirmed' : 'Waiting'}</Badge>
    </li>
  );
}

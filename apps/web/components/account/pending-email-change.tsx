'use client';
import { Badge, Button } from '@alva/ui';
import { type Account } from '@alva/validation';
import { formatMoment } from '../../lib/format.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { useServices } from '../providers/services-provider.tsx';
import { ProblemCallout } from './problem-callout.tsx';

interface PendingEmailChangeProps {
  from: string;
  change: NonNullable<Account['emailChange']>;
  onCalledOff: () => Promise<void>;
}

/** Which mailbox has agreed, and which is waited for. */
export function PendingEmailChange({ from, change, onCalledOff }: PendingEmailChangeProps) {
  const { session } = useServices();
  const { attempt, pending, problem } = useAttempt();

  async function callOff() {
    if (await attempt(() => session.account.withdrawEmailChange())) await onCalledOff();
  }

  return (
    <div className="grid gap-4">
      <div role="status">
        <ul className="divide-y divide-line rounded-md border border-line text-sm">
          <Mailbox label="Present address" email={from} agreed={change.oldConfirmed} />
          <Mailbox label="New address" email={change.email} agreed={change.newConfirmed} />
        </ul>
      </div>
      <p className="text-sm text-muted">
        Open the link in both mails by {formatMoment(change.expiresAt)}. Until then everything stays as it is.
      </p>
      <ProblemCallout problem={problem} />
      <div>
        <Button variant="secondary" pending={pending} onClick={() => void callOff()}>
          Call it off
        </Button>
      </div>
    </div>
  );
}

function Mailbox({ label, email, agreed }: { label: string; email: string; agreed: boolean }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="text-subtle">{label}</p>
        <p className="font-medium wrap-anywhere text-ink">{email}</p>
      </div>
      <Badge tone={agreed ? 'accent' : 'neutral'}>{agreed ? 'Agreed' : 'Waiting'}</Badge>
    </li>
  );
}

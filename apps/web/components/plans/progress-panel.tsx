'use client';
import { Button, Card, cn, ConfirmDialog, Progress, Spinner, toast } from '@alva/ui';
import { type Plan } from '@alva/validation';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { type JobProgress } from '../../lib/job-progress.ts';
import { problemCode, tell } from '../../lib/problems.ts';
import { useCancelJob } from '../../lib/queries.ts';
import { Elapsed } from './elapsed.tsx';

interface ProgressPanelProps {
  plan: Plan;
  progress: JobProgress;
  connected: boolean;
}

/** Where the work stands, and the way to stop it. */
export function ProgressPanel({ plan, progress, connected }: ProgressPanelProps) {
  return (
    <Card className="p-5">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="text-sm font-medium text-ink">{headline(progress)}</h2>
        <Elapsed since={plan.createdAt} />
      </div>
      <div className="mt-3">
        <Progress value={progress.percent} label="How far the plan is" />
      </div>
      <Steps progress={progress} />
      <p className="mt-4 border-t border-line pt-4 text-sm text-muted">
        {connected
          ? 'You can leave this page. We keep working, and the plan waits for you.'
          : 'Connection lost. The work goes on, and we are reconnecting.'}
      </p>
      <CancelButton jobId={plan.jobId} />
    </Card>
  );
}

function headline({ state, position, attempt }: JobProgress): string {
  if (state === null) return 'Connecting';
  if (state === 'queued')
    return position === null || position <= 1 ? 'Queued, next in line' : `Queued, place ${position} in line`;
  return attempt > 1 ? `Writing, attempt ${attempt}` : 'Writing';
}

function Steps({ progress: { steps } }: { progress: JobProgress }) {
  if (steps.length === 0) return null;
  return (
    <ol className="mt-4 grid gap-2" aria-label="Steps">
      {steps.map((step, index) => {
        const now = index === steps.length - 1;
        return (
          <li
            key={`${index} ${step}`}
            className={cn('flex items-start gap-2.5 text-sm', now ? 'text-ink' : 'text-subtle max-lg:hidden')}
          >
            <span className="mt-[0.1875rem] text-accent">
              {now ? <Spinner /> : <Check aria-hidden="true" className="size-4" />}
            </span>
            {step}
            <span className="sr-only">{now ? '(under way)' : '(done)'}</span>
          </li>
        );
      })}
    </ol>
  );
}

function CancelButton({ jobId }: { jobId: string }) {
  const [asking, setAsking] = useState(false);
  const cancel = useCancelJob();

  function confirm() {
    cancel.mutate(jobId, {
      onError: (error) => {
        // Finished in the meantime: the page is about to show it.
        if (problemCode(error) === 'job-finished') return;
        toast({ title: `Not cancelled: ${tell(error).title}`, description: tell(error).detail });
      },
    });
  }

  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        className="mt-4 max-sm:w-full lg:w-full"
        pending={cancel.isPending}
        onClick={() => setAsking(true)}
      >
        Cancel
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Stop writing this plan?"
        confirmLabel="Stop writing"
        cancelLabel="Keep going"
        danger
        onConfirm={confirm}
      >
        What is written so far stays visible, but the plan cannot be used.
      </ConfirmDialog>
    </>
  );
}

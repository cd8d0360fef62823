'use client';
import { Button, Callout, toast } from '@alva/ui';
import { type Plan } from '@alva/validation';
import { RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type JobProgress } from '../../lib/job-progress.ts';
import { tell } from '../../lib/problems.ts';
import { useGeneratePlan } from '../../lib/queries.ts';

/** Why it stopped, and another try from the same answers. What was written stays where it is. */
export function StoppedNotice({ plan, progress }: { plan: Plan; progress: JobProgress }) {
  const router = useRouter();
  const generate = useGeneratePlan();
  const cancelled = plan.status === 'cancelled' || progress.state === 'cancelled';

  async function retry() {
    try {
      const { planId } = await generate.mutateAsync(plan.clientProfile);
      router.push(`/plans/${planId}?after=${plan.jobId}`);
    } catch (error) {
      toast({ title: tell(error).title, description: tell(error).detail });
    }
  }

  return (
    <Callout
      tone={cancelled ? 'info' : 'danger'}
      title={cancelled ? 'You stopped this plan' : 'This plan could not be finished'}
      actions={
        <Button size="sm" pending={generate.isPending} onClick={() => void retry()}>
          <RotateCcw aria-hidden="true" /> Try again
        </Button>
      }
    >
      <p>
        {cancelled
          ? 'What was written until then is kept here.'
          : (progress.error?.detail ?? 'Something went wrong while it was being written.')}
      </p>
      <p>Another try begins a new plan from the same answers.</p>
    </Callout>
  );
}

'use client';
import { Button, toast } from '@alva/ui';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { problemCode, tell } from '../../lib/problems.ts';
import { useGeneratePlan } from '../../lib/queries.ts';

/** Begins a plan from the saved profile; whoever has none yet is asked for it first. */
export function NewPlanButton({ hasProfile }: { hasProfile: boolean }) {
  const router = useRouter();
  const generate = useGeneratePlan();

  async function begin() {
    if (!hasProfile) {
      router.push('/welcome');
      return;
    }
    try {
      const { planId } = await generate.mutateAsync(undefined);
      router.push(`/plans/${planId}`);
    } catch (error) {
      if (problemCode(error) === 'profile-required') router.push('/welcome');
      else toast({ title: tell(error).title, description: tell(error).detail });
    }
  }

  return (
    <Button pending={generate.isPending} onClick={() => void begin()}>
      <Plus aria-hidden="true" /> New plan
    </Button>
  );
}

'use client';
import { Skeleton, Stepper } from '@alva/ui';
import { useQuery } from '@tanstack/react-query';
import { useProfile } from '../../lib/queries.ts';
import { emptyProfileForm, toProfileForm } from '../profile/profile-form.ts';
import { LoadProblem } from '../session/load-problem.tsx';
import { useUser } from '../session/use-session.ts';
import { recallDraft } from './draft.ts';
import { Questionnaire } from './questionnaire.tsx';
import { steps } from './steps.tsx';

/** Begins where the person left off: from the draft on this device, else from the saved profile, else empty. */
export function Welcome() {
  const userId = useUser()?.id;
  const profile = useProfile();
  const draft = useQuery({
    queryKey: [userId, 'questionnaire-draft'],
    queryFn: () => (userId === undefined ? null : recallDraft(userId)),
    enabled: userId !== undefined,
    gcTime: 0,
  });

  if (profile.isError) return <LoadProblem error={profile.error} onRetry={() => void profile.refetch()} />;
  if (userId === undefined || !profile.isSuccess || !draft.isSuccess) return <WelcomeSkeleton />;
  const saved = profile.data === null ? emptyProfileForm : toProfileForm(profile.data);
  return <Questionnaire userId={userId} initial={draft.data ?? saved} resumed={draft.data !== null} />;
}

function WelcomeSkeleton() {
  return (
    <div aria-busy="true" className="mx-auto w-full max-w-[38rem] px-5 pt-6 pb-24 sm:pt-12">
      <p role="status" className="sr-only">
        Loading your answers
      </p>
      <Stepper steps={steps.map(({ title }) => title)} current={0} />
      <Skeleton className="mt-10 h-10 w-64" />
      <Skeleton className="mt-4 h-5 w-full max-w-100" />
      <div className="mt-8 grid gap-5">
        <Skeleton className="h-16" />
        <Skeleton className="h-28" />
        <Skeleton className="h-16" />
      </div>
    </div>
  );
}

'use client';
import { Button, Callout, Skeleton, toast } from '@alva/ui';
import { type ClientProfile } from '@alva/validation';
import { useState, type ReactNode } from 'react';
import { FormProvider, useForm, type FieldErrors } from 'react-hook-form';
import { tell, type Told } from '../../lib/problems.ts';
import { useProfile, useSaveProfile } from '../../lib/queries.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { BudgetFields } from './budget-fields.tsx';
import { BusinessFields } from './business-fields.tsx';
import { CustomerFields } from './customer-fields.tsx';
import { GoalFields } from './goal-fields.tsx';
import { NoProfileYet } from './no-profile-yet.tsx';
import { firstInvalid, profileResolver, toProfileForm, type ProfileForm } from './profile-form.ts';

/** The questionnaire's answers on one page, to change them later. */
export function ProfileSettings() {
  const { data: profile, error, refetch } = useProfile();
  return (
    <section aria-labelledby="business-profile" className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-6">
      <div>
        <h2 id="business-profile" className="type-display text-2xl text-ink">
          Your business
        </h2>
        <p className="mt-1 max-w-[34rem] text-sm text-muted">
          New plans are written from these answers. Finished plans keep the answers they were written from.
        </p>
      </div>
      {profile === undefined && error !== null ? (
        <Callout
          tone="danger"
          role="alert"
          title={tell(error).title}
          actions={
            <Button size="sm" variant="secondary" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {tell(error).detail}
        </Callout>
      ) : profile === undefined ? (
        <Skeleton className="h-120 rounded-lg" />
      ) : profile === null ? (
        <NoProfileYet />
      ) : (
        <ProfileEditor profile={profile} />
      )}
    </section>
  );
}

function ProfileEditor({ profile }: { profile: ClientProfile }) {
  const form = useForm<ProfileForm, unknown, ClientProfile>({
    defaultValues: toProfileForm(profile),
    resolver: profileResolver,
    shouldFocusError: false,
  });
  const save = useSaveProfile();
  const [problem, setProblem] = useState<Told>();

  async function submit(changed: ClientProfile) {
    setProblem(undefined);
    try {
      const saved = await save.mutateAsync(changed);
      form.reset(toProfileForm(saved));
      toast({ title: 'Profile saved', description: 'The next plan is written from it.' });
    } catch (error) {
      setProblem(tell(error));
    }
  }

  function focusFirst(errors: FieldErrors<ProfileForm>) {
    const field = firstInvalid(errors);
    if (field !== undefined) form.setFocus(field);
  }

  return (
    <FormProvider {...form}>
      <form noValidate className="grid gap-10" onSubmit={(event) => void form.handleSubmit(submit, focusFirst)(event)}>
        <Group title="What it is">
          <BusinessFields />
        </Group>
        <Group title="Your customers">
          <CustomerFields />
        </Group>
        <Group title="Goals and channels">
          <GoalFields />
        </Group>
        <Group title="Budget and experience">
          <BudgetFields />
        </Group>
        <ProblemCallout problem={problem} />
        <div className="sticky bottom-0 -mx-4 flex items-center justify-end gap-3 border-t border-line bg-canvas/90 px-4 py-3 backdrop-blur-md">
          <p className="text-sm text-subtle">{form.formState.isDirty ? 'Not saved yet' : ''}</p>
          <Button type="submit" pending={save.isPending}>
            Save profile
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-5">
      <h3 className="border-b border-line pb-2 type-display text-xl text-ink">{title}</h3>
      {children}
    </section>
  );
}

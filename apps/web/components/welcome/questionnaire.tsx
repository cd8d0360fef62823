'use client';
import { Button, Stepper } from '@alva/ui';
import { type ClientProfile } from '@alva/validation';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { tell, type Told } from '../../lib/problems.ts';
import { useGeneratePlan, useSaveProfile } from '../../lib/queries.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { firstInvalid, profileResolver, type ProfileForm } from '../profile/profile-form.ts';
import { forgetDraft } from './draft.ts';
import { parseStep, steps, stepTitle } from './steps.tsx';
import { useAutosave } from './use-autosave.ts';

interface QuestionnaireProps {
  userId: string;
  initial: ProfileForm;
  /** Whether `initial` was kept from an earlier visit. */
  resumed: boolean;
}

/** One question group a step; the step is in the address, so the browser's own back button works. */
export function Questionnaire({ userId, initial, resumed }: QuestionnaireProps) {
  const router = useRouter();
  const step = parseStep(useSearchParams().get('step'));
  const current = steps[step] ?? steps[0];
  const form = useForm<ProfileForm, unknown, ClientProfile>({
    defaultValues: initial,
    resolver: profileResolver,
    shouldFocusError: false,
  });
  const saved = useAutosave(userId, form);
  const heading = useRef<HTMLHeadingElement>(null);
  const saveProfile = useSaveProfile();
  const generatePlan = useGeneratePlan();
  const [problem, setProblem] = useState<Told>();
  const [finishing, setFinishing] = useState(false);

  // What was found missing is judged again while it is being filled in.
  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ name }) => {
          const field = steps.flatMap(({ fields }) => fields).find((each) => each === name);
          if (field !== undefined && form.getFieldState(field).invalid) void form.trigger(field);
        },
      }),
    [form],
  );

  useEffect(() => {
    document.title = `${stepTitle(step)} · Alva`;
  }, [step]);

  function go(to: number) {
    window.history.pushState(null, '', `/welcome?step=${to + 1}`);
    window.scrollTo({ top: 0 });
    // After the paint that brings the new heading.
    requestAnimationFrame(() => heading.current?.focus());
  }

  async function finish(profile: ClientProfile) {
    setProblem(undefined);
    setFinishing(true);
    try {
      await saveProfile.mutateAsync(profile);
      const { planId } = await generatePlan.mutateAsync(undefined);
      await forgetDraft(userId);
      router.push(`/plans/${planId}`);
    } catch (error) {
      setProblem(tell(error));
      setFinishing(false);
    }
  }

  async function next() {
    if (step < steps.length - 1) {
      if (await form.trigger(current?.fields, { shouldFocus: true })) go(step + 1);
      return;
    }
    await form.handleSubmit(finish, (errors) => {
      // Reached the end by the address alone: go where something is missing.
      const missing = steps.findIndex(({ fields }) => fields.some((field) => errors[field] !== undefined));
      const field = firstInvalid(errors);
      if (missing !== -1 && missing !== step) go(missing);
      else if (field !== undefined) form.setFocus(field);
    })();
  }

  if (current === undefined) return null;
  const { Fields } = current;
  const last = step === steps.length - 1;
  return (
    <div className="mx-auto w-full max-w-[38rem] px-5 pt-6 pb-24 sm:pt-12">
      <Stepper steps={steps.map(({ title }) => title)} current={step} />
      <h1 ref={heading} tabIndex={-1} className="mt-9 type-display text-2xl text-ink sm:text-3xl">
        {current.title}
      </h1>
      <p className="mt-2 text-muted">{current.lead}</p>
      <FormProvider {...form}>
        <form
          noValidate
          className="mt-8 grid gap-6"
          onSubmit={(event) => {
            event.preventDefault();
            void next();
          }}
        >
          <Fields />
          <ProblemCallout problem={problem} />
          <div className="flex items-center gap-2 border-t border-line pt-6">
            {step > 0 && (
              <Button variant="quiet" className="-ml-4" onClick={() => go(step - 1)}>
                <ArrowLeft aria-hidden="true" /> Back
              </Button>
            )}
            <p role="status" className="mx-2 ml-auto text-xs text-subtle">
              {saved ? (
                <>
                  Saved<span className="max-sm:sr-only"> on this device</span>
                </>
              ) : (
                resumed && step === 0 && 'Your earlier answers are back'
              )}
            </p>
            <Button type="submit" pending={finishing}>
              {last ? 'Write my plan' : 'Continue'} <ArrowRight aria-hidden="true" />
            </Button>
          </div>
        </form>
      </FormProvider>
    </div>
  );
}

'use client';
import { Field, Input, Textarea } from '@alva/ui';
import { useFormContext } from 'react-hook-form';
import { type ProfileForm } from './profile-form.ts';

export function CustomerFields() {
  const {
    register,
    formState: { errors },
  } = useFormContext<ProfileForm>();
  return (
    <>
      <Field
        label="Who buys from you?"
        hint="Age, situation, what they look for, what keeps them from buying: whatever you know."
        error={errors.audience?.message}
      >
        {(control) => <Textarea {...control} {...register('audience')} className="min-h-32" maxLength={1000} />}
      </Field>
      <Field label="How should it sound?" optional error={errors.tone?.message}>
        {(control) => (
          <Input {...control} {...register('tone')} placeholder="Warm and plain, never pushy" maxLength={120} />
        )}
      </Field>
    </>
  );
}

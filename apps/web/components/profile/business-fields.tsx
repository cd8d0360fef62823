'use client';
import { Field, Input, Textarea } from '@alva/ui';
import { useFormContext } from 'react-hook-form';
import { type ProfileForm } from './profile-form.ts';

export function BusinessFields() {
  const {
    register,
    formState: { errors },
  } = useFormContext<ProfileForm>();
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Business name" error={errors.businessName?.message}>
          {(control) => (
            <Input {...control} {...register('businessName')} autoComplete="organization" maxLength={120} />
          )}
        </Field>
        <Field label="Industry" error={errors.industry?.message}>
          {(control) => (
            <Input {...control} {...register('industry')} placeholder="Bakery, bike repair, law firm" maxLength={120} />
          )}
        </Field>
      </div>
      <Field label="What do you sell?" hint="As you would tell a neighbour." error={errors.description?.message}>
        {(control) => <Textarea {...control} {...register('description')} maxLength={2000} />}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Website" optional error={errors.website?.message}>
          {(control) => (
            <Input
              {...control}
              {...register('website')}
              inputMode="url"
              autoComplete="url"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="example.com"
              maxLength={300}
            />
          )}
        </Field>
        <Field label="Region" optional error={errors.region?.message}>
          {(control) => (
            <Input {...control} {...register('region')} placeholder="Where your customers are" maxLength={120} />
          )}
        </Field>
      </div>
    </>
  );
}

'use client';
import { ChoiceCard, Field, FieldError, Input, Select } from '@alva/ui';
import { useId } from 'react';
import { useFormContext } from 'react-hook-form';
import { type ProfileForm } from './profile-form.ts';

const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'CAD', 'AUD', 'JPY', 'INR', 'BRL'];

const levels = [
  { value: 'none', title: 'I am new to it', description: 'Explain terms and go step by step.' },
  { value: 'some', title: 'I have tried a few things', description: 'Skip the basics, give reasons.' },
  { value: 'expert', title: 'I do this for a living', description: 'Be brief and use the jargon.' },
];

export function BudgetFields() {
  const id = useId();
  const {
    register,
    formState: { errors },
  } = useFormContext<ProfileForm>();
  return (
    <>
      {/* Shared rows: the two controls stand side by side whatever is written above and below them. */}
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-x-3 gap-y-1.5">
        <Field
          label="Monthly budget"
          hint="For ads and tools; 0 is an answer too."
          error={errors.amount?.message}
          className="row-span-4 grid-rows-subgrid"
        >
          {(control) => (
            <Input
              {...control}
              {...register('amount')}
              inputMode="numeric"
              placeholder="1500"
              className="tabular"
              maxLength={14}
            />
          )}
        </Field>
        <Field label="Currency" error={errors.currency?.message} className="row-span-4 grid-rows-subgrid">
          {(control) => (
            <Select {...control} {...register('currency')} className="row-start-3">
              {currencies.map((currency) => (
                <option key={currency}>{currency}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <fieldset className="grid gap-1.5" aria-describedby={errors.experience && `${id}-error`}>
        <legend className="mb-1.5 text-sm font-medium text-ink">How much marketing have you done?</legend>
        <div className="grid gap-2">
          {levels.map(({ value, title, description }) => (
            <ChoiceCard
              key={value}
              type="radio"
              value={value}
              title={title}
              description={description}
              {...register('experience')}
            />
          ))}
        </div>
        <FieldError id={`${id}-error`} message={errors.experience?.message} />
      </fieldset>
    </>
  );
}

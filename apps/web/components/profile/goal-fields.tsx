'use client';
import { ChannelMark, ChoiceCard, FieldError } from '@alva/ui';
import { channels } from '@alva/shared-types';
import { useId } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { channelHints, channelNames } from '../../lib/channels.ts';
import { GoalsField } from './goals-field.tsx';
import { type ProfileForm } from './profile-form.ts';

export function GoalFields() {
  const id = useId();
  const {
    register,
    control,
    formState: { errors },
  } = useFormContext<ProfileForm>();
  const { field: goals } = useController({ control, name: 'goals' });
  return (
    <>
      <GoalsField goals={goals.value} onChange={goals.onChange} inputRef={goals.ref} error={errors.goals?.message} />
      <fieldset className="grid gap-1.5" aria-describedby={errors.channels && `${id}-error`}>
        <legend className="mb-1.5 text-sm font-medium text-ink">
          Where may we look for customers? <span className="font-normal text-muted">Choose any.</span>
        </legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {channels.map((channel) => (
            <ChoiceCard
              key={channel}
              type="checkbox"
              value={channel}
              title={channelNames[channel]}
              description={channelHints[channel]}
              mark={<ChannelMark channel={channel} className="mt-1" />}
              {...register('channels')}
            />
          ))}
        </div>
        <FieldError id={`${id}-error`} message={errors.channels?.message} />
      </fieldset>
    </>
  );
}

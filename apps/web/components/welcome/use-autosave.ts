'use client';
import { type ClientProfile } from '@alva/validation';
import { useEffect, useState } from 'react';
import { type UseFormReturn } from 'react-hook-form';
import { type ProfileForm } from '../profile/profile-form.ts';
import { keepDraft } from './draft.ts';

const pause = 400;

/** Keeps the answers a moment after each change, and at once when the page is put away. Tells whether all is kept. */
export function useAutosave(userId: string, form: UseFormReturn<ProfileForm, unknown, ClientProfile>): boolean {
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      timer = undefined;
      void keepDraft(userId, form.getValues()).then(() => setSaved(true));
    };
    const saveIfWaiting = () => {
      if (timer !== undefined) save();
    };
    const unsubscribe = form.subscribe({
      formState: { values: true },
      callback: () => {
        setSaved(false);
        clearTimeout(timer);
        timer = setTimeout(save, pause);
      },
    });
    addEventListener('pagehide', saveIfWaiting);
    return () => {
      unsubscribe();
      removeEventListener('pagehide', saveIfWaiting);
      // Sign-out in another tab unmounts the form mid-word; the word is kept.
      saveIfWaiting();
    };
  }, [userId, form]);
  return saved;
}

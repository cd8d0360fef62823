import { forget, keep, recall } from '../../lib/keep.ts';
import { emptyProfileForm, profileForm, type ProfileForm } from '../profile/profile-form.ts';

// Per person: on a shared device nobody meets another's answers.
function key(userId: string): string {
  return `questionnaire:${userId}`;
}

export function keepDraft(userId: string, form: ProfileForm): Promise<void> {
  return keep(key(userId), form);
}

export async function recallDraft(userId: string): Promise<ProfileForm | null> {
  const kept = await recall(key(userId));
  const { data } = profileForm.safeParse({ ...emptyProfileForm, ...(typeof kept === 'object' ? kept : {}) });
  return kept === undefined ? null : (data ?? null);
}

export function forgetDraft(userId: string): Promise<void> {
  return forget(key(userId));
}

import type { Channel } from '@alva/shared-types';
import type { ClientProfile, PlanDraft } from '@alva/validation';
import type { WrittenSection } from '../assistant.ts';
import { createBudget, planShares, type Budget, type ChannelShare } from './plan-budget.ts';

/** What the advice is built from: the profile, and what follows from it by arithmetic. */
export interface Briefing {
  readonly profile: ClientProfile;
  /** The audience in a few words. */
  readonly audience: string;
  /** Where: the region, or "your area". */
  readonly place: string;
  readonly budget: Budget;
  /** Hours a week for marketing altogether that the plan counts on. */
  readonly weeklyHours: number;
}

export type Advice = WrittenSection & Pick<PlanDraft, 'tasks' | 'metrics'>;

export type Adviser = (briefing: Briefing) => Advice;

/** Another way to go about a channel. */
export interface Approach {
  /** The wishes that it meets. */
  readonly meets: RegExp;
  readonly write: (briefing: Briefing) => WrittenSection;
}

/** With the shares of a plan there is, or those of one that would be made. */
export function createBriefing(
  profile: ClientProfile,
  shares: readonly ChannelShare[] = planShares(profile),
): Briefing {
  return {
    profile,
    audience: lowerFirst(opening(profile.audience, 90)),
    place: profile.region ?? 'your area',
    budget: createBudget(profile, shares),
    weeklyHours: { none: 3, some: 4, expert: 6 }[profile.experience],
  };
}

/** The beginning of a longer text, up to where a thought ends. */
export function opening(text: string, length: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!?;](?=\s|$)/.exec(plain)?.[0].replace(/[.!?;]$/, '') ?? plain;
  if (sentence.length <= length) return sentence;
  return `${sentence.slice(0, length).replace(/[\s,]+\S*$/, '')}…`;
}

export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  // An abbreviation or a name that is written large stays so.
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export const channelNames: Record<Channel, string> = {
  ppc: 'search ads',
  blog: 'the blog',
  social: 'social media',
  email: 'e-mail',
  seo: 'search ranking',
};

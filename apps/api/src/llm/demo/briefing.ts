import type { Channel, SectionChannel } from '@alva/shared-types';
import type { ClientProfile, PlanDraft } from '@alva/validation';

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

export interface Budget {
  /** Whole units of the currency a month. */
  readonly total: number;
  share(channel: SectionChannel): number;
  amount(channel: SectionChannel): number;
  /** "€600", in the currency of the profile. */
  money(amount: number): string;
}

export type Advice = Pick<PlanDraft, 'tasks' | 'metrics'> & { readonly title: string; readonly body: string };

export type Adviser = (briefing: Briefing) => Advice;

/** Whether one of the goals speaks of something. */
export function wants(profile: ClientProfile, words: RegExp): boolean {
  return profile.goals.some((goal) => words.test(goal));
}

export const themes = {
  customers: /custom|client|lead|sale|sell|order|book|fill|revenue|grow|enquir|inquir|appointment|guest/i,
  loyalty: /loyal|return|repeat|retain|retention|regular|again|keep|newsletter|subscri|member/i,
  awareness: /aware|known|brand|follow|reach|audience|visib|reputation|community/i,
  found: /google|search|found|find|traffic|visitor|seo|rank|website/i,
  trust: /trust|expert|authority|educat|explain|credib|content/i,
} satisfies Record<string, RegExp>;

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

export const channelNames: Record<Channel, string> = {
  ppc: 'search ads',
  blog: 'the blog',
  social: 'social media',
  email: 'e-mail',
  seo: 'search ranking',
};

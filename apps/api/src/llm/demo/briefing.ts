import type { Channel } from '@alva/shared-types';
import type { ClientProfile, PlanDraft } from '@alva/validation';
import { detectLanguage } from '../../knowledge/reading/language.ts';
import type { WrittenSection } from '../assistant.ts';
import { firstSentence } from './sentences.ts';
import { createBudget, planShares, type Budget, type ChannelShare } from './plan-budget.ts';

/** What the advice is built from: the profile, and what follows from it by arithmetic. */
export interface Briefing {
  readonly profile: ClientProfile;
  /** The audience in a few words. */
  readonly audience: string;
  /** The trade, as it stands within a sentence. */
  readonly industry: string;
  /** Where its customers are, if that is somewhere: without it, nothing is said as if they came by. */
  readonly region: string | undefined;
  /** " in" the region, or nothing. */
  readonly inPlace: string;
  /** It sells to other businesses rather than over a counter. */
  readonly toBusinesses: boolean;
  /** What it is described in. The rules know English only, and quote the rest as it is. */
  readonly inEnglish: boolean;
  readonly budget: Budget;
  /** Hours a week for marketing altogether that the plan counts on. */
  readonly weeklyHours: number;
}

const business =
  /b2b|software|saas|consult|agency|account|law|legal|industr|logistic|engineer|insur|recruit|wholesale/i;

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
  const { audience, industry, region } = profile;
  const inEnglish = isEnglish(profile);
  return {
    profile,
    audience: inEnglish ? lowerFirst(opening(audience, 90)) : opening(audience, 90),
    industry: inEnglish ? industry.replace(/(?<![\p{L}\d])\p{Lu}\p{Ll}+/gu, (word) => word.toLowerCase()) : industry,
    region,
    inPlace: region === undefined ? '' : ` in ${region}`,
    toBusinesses: business.test(industry),
    inEnglish,
    budget: createBudget(profile, shares),
    weeklyHours: { none: 3, some: 4, expert: 6 }[profile.experience],
  };
}

/** The beginning of a longer text, up to where a thought ends. */
export function opening(text: string, length: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const sentence = firstSentence(plain)
    .replace(/;\s.*$/, '')
    .replace(/[.!?;]$/, '');
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

function isEnglish({ description, audience, goals }: ClientProfile): boolean {
  return detectLanguage([description, audience, ...goals].join(' '), 'english') === 'english';
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

import type { SectionChannel } from '@alva/shared-types';
import type { ClientProfile, PlanDraft } from '@alva/validation';
import { adviseBlog } from './advice/blog.ts';
import { adviseEmail } from './advice/email.ts';
import { advisePaidSearch } from './advice/paid-search.ts';
import { advisePositioning } from './advice/positioning.ts';
import { adviseSearch } from './advice/search.ts';
import { adviseSocial } from './advice/social.ts';
import { channelNames, createBriefing, joinWords, type Adviser, type Briefing } from './briefing.ts';

export const advisers: Record<SectionChannel, Adviser> = {
  positioning: advisePositioning,
  ppc: advisePaidSearch,
  blog: adviseBlog,
  social: adviseSocial,
  email: adviseEmail,
  seo: adviseSearch,
};

/** A plan by rules: the same profile always gets the same one. */
export function composePlan(profile: ClientProfile): PlanDraft {
  const briefing = createBriefing(profile);
  const { budget } = briefing;
  const parts = (['positioning', ...profile.channels] as const).map((channel) => ({
    channel,
    ...advisers[channel](briefing),
  }));
  return {
    title: `${profile.businessName}: the next 90 days`,
    summary: summarise(briefing),
    sections: parts.map(({ channel, title, body }) => ({ channel, title, body, budgetShare: budget.share(channel) })),
    tasks: [...parts.flatMap(({ tasks }) => tasks), ...reviews(briefing)].sort((a, b) => a.dueInDays - b.dueInDays),
    metrics: parts.flatMap(({ metrics }) => metrics).slice(0, 8),
  };
}

function summarise({ profile, budget, audience, weeklyHours, inEnglish }: Briefing): string {
  const leading = profile.channels
    .filter((channel) => budget.total > 0 || channel !== 'ppc')
    .sort((a, b) => budget.share(b) - budget.share(a))
    .slice(0, 2);
  const money =
    budget.total > 0
      ? `The plan spends ${budget.money(budget.total)} a month and about ${weeklyHours} hours a week`
      : `The plan costs no money, only about ${weeklyHours} hours a week`;
  const most =
    leading.length > 0
      ? `most of it on ${joinWords(leading.map((channel) => channelNames[channel]))}, where people like that decide`
      : 'because search ads rest until there is money for clicks';
  return [
    `${profile.businessName} wants to reach ${audience}. The first aim is “${profile.goals[0] ?? ''}”.`,
    `${money}, ${most}.`,
    'The first two weeks lay the foundation: one clear promise, one page that keeps it, and figures that show what works.',
    'Weeks three to eight repeat a small routine on each channel; in week nine, what brought nobody is dropped and its share goes to what did.',
    ...(inEnglish ? [] : ['The demo planner writes English only and quotes your words as they are.']),
  ].join(' ');
}

function reviews({ profile, budget }: Briefing): PlanDraft['tasks'] {
  const spent = budget.total > 0 ? 'cost' : 'hours';
  return [
    {
      channel: 'positioning',
      title: `Half-time: read the figures and move the ${budget.total > 0 ? 'budget' : 'hours'}`,
      detail: `Put ${spent} and new customers side by side for each channel. Move a third of the weakest channel’s share to the strongest; change nothing else.`,
      dueInDays: 45,
    },
    {
      channel: 'positioning',
      title: 'Look back on 90 days and plan the next',
      detail: `Which of these came closer: ${joinWords(profile.goals.map((goal) => `“${goal}”`))}? Write down three things to keep, two to stop and one to try.`,
      dueInDays: 88,
    },
  ];
}

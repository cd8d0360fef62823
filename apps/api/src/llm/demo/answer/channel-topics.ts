import type { Channel } from '@alva/shared-types';
import { channelNames, type Briefing } from '../briefing.ts';
import { advisers } from '../compose-plan.ts';
import type { Asker, Topic } from './topic.ts';

const words: Record<Channel, RegExp> = {
  ppc: /\b(ppc|ads?|adverts?|advertising|adwords|google ads|paid search|clicks?|keywords?|campaigns?|bids?)\b/,
  blog: /\b(blogs?|blogging|articles?|posts? on (?:the|my|our) (?:site|website))\b/,
  social: /\b(social|instagram|facebook|linkedin|tiktok|youtube|reels?|followers?|posts?|posting|influencers?)\b/,
  email: /\b(e-?mails?|newsletters?|mailing|subscribers?|mail list|unsubscribe)\b/,
  seo: /\b(seo|google|rank(?:ing)?|search engines?|be found|maps?|reviews?|backlinks?|organic)\b/,
};

const general: Record<Channel, string> = {
  ppc: 'Paid search brings people who want something now, for as long as you pay. Begin with one offer, one page about exactly that, at most ten exact keywords, and measure enquiries before the first click is bought. Stop a word when it has cost as much as one sale earns.',
  blog: 'A blog earns its keep when each article answers one question that customers really ask, with the answer in the first three sentences. One good one a month is enough; the first should be about prices.',
  social:
    'One network that your customers really use, two or three posts a week in a fixed rhythm: the work, the people, the offer. Answer every comment within a day. What does not work after six weeks changes its format, not its network.',
  email:
    'E-mail sells best to people who know you already. Ask for the address where they are content, send three welcome mails by themselves and one short mail a month by hand: a story, a tip, an offer.',
  seo: 'For a local business the map comes first: a complete profile, fresh pictures, two reviews a week. Then a page for each important offer, in the words people type. It takes eight to twelve weeks to show.',
};

export const channelTopics: readonly Topic[] = (['ppc', 'blog', 'social', 'email', 'seo'] as const).map((channel) => ({
  name: channelNames[channel],
  words: words[channel],
  general: general[channel],
  advise: (asker) => adviseOn(channel, asker),
  questions: (asker) => [
    `What should ${channelNames[channel]} bring you that nothing else does, and how would you notice after a month?`,
    asker
      ? `Of the people you want to reach (${asker.briefing.audience}), whom do you know well enough to ask where they last looked for something like yours?`
      : 'Whom do you want to reach, and where do these people look when they need something like yours?',
    `Which hour of the week would belong to ${channelNames[channel]}, and what would you drop for it?`,
  ],
}));

function adviseOn(channel: Channel, { briefing, plan }: Asker): string {
  const section = plan?.sections.find((section) => section.channel === channel);
  if (section)
    return [
      `Your plan has a section for that, **${section.title}**, with ${means(briefing, channel)} (${section.budgetShare} %).`,
      firstParagraphs(section.body),
      nextStep(channel, briefing),
    ].join('\n\n');
  const left = briefing.profile.channels.includes(channel)
    ? ''
    : `You left ${channelNames[channel]} out of your channels, so a plan of yours has nothing for it. `;
  return `${left}${general[channel]}\n\n${nextStep(channel, briefing)}`;
}

function means({ budget }: Briefing, channel: Channel): string {
  return budget.total > 0 ? `${budget.money(budget.amount(channel))} a month` : 'its share of your hours';
}

function nextStep(channel: Channel, briefing: Briefing): string {
  const [task] = advisers[channel](briefing).tasks;
  return task ? `**Next step.** ${task.title}. ${task.detail}` : '';
}

/** Enough to recall what the section is about. What ends in a colon is nothing without the list below it. */
function firstParagraphs(body: string): string {
  const paragraphs = body.split('\n\n');
  const enough = paragraphs.findIndex((paragraph, index) => index > 0 && !paragraph.endsWith(':'));
  return paragraphs.slice(0, enough + 1 || paragraphs.length).join('\n\n');
}

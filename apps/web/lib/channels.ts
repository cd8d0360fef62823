import { type SectionChannel } from '@alva/shared-types';

/** What channels are called, and how they are explained to someone who has never bought an ad. */
export const channelNames: Record<SectionChannel, string> = {
  positioning: 'Positioning',
  ppc: 'Search ads',
  blog: 'Blog',
  social: 'Social media',
  email: 'E-mail',
  seo: 'Search ranking',
};

export const channelHints: Record<Exclude<SectionChannel, 'positioning'>, string> = {
  ppc: 'Paid results on search engines, by the click',
  blog: 'Articles that answer what customers ask',
  social: 'Posts and ads where your customers scroll',
  email: 'Letters to people who know you already',
  seo: 'Being found without paying for it',
};

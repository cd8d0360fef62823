import { type SectionChannel } from '@alva/shared-types';

export { channelNames } from '@alva/shared-types';

/** How channels are explained to someone who has never bought an ad. */
export const channelHints: Record<Exclude<SectionChannel, 'positioning'>, string> = {
  ppc: 'Paid results on search engines, by the click',
  blog: 'Articles that answer what customers ask',
  social: 'Posts and ads where your customers scroll',
  email: 'Letters to people who know you already',
  seo: 'Being found without paying for it',
};

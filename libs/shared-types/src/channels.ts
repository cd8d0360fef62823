/** The marketing channels a plan can cover. */
export const channels = ['ppc', 'blog', 'social', 'email', 'seo'] as const;
export type Channel = (typeof channels)[number];

/** A plan opens with positioning, then covers the chosen channels. */
export const sectionChannels = ['positioning', ...channels] as const;
export type SectionChannel = (typeof sectionChannels)[number];

/** What they are called where people read of them. */
export const channelNames: Record<SectionChannel, string> = {
  positioning: 'Positioning',
  ppc: 'Search ads',
  blog: 'Blog',
  social: 'Social media',
  email: 'E-mail',
  seo: 'Search ranking',
};

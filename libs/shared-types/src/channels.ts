/** The marketing channels a plan can cover. */
export const channels = ['ppc', 'blog', 'social', 'email', 'seo'] as const;
export type Channel = (typeof channels)[number];

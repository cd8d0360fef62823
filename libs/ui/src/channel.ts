/** What a piece of marketing belongs to. Names match the vocabulary of the services. */
export type Channel = 'positioning' | 'ppc' | 'blog' | 'social' | 'email' | 'seo';

// Whole class names, so that Tailwind finds them.
export const channelColors: Record<Channel, { fill: string; text: string }> = {
  positioning: { fill: 'bg-channel-positioning', text: 'text-channel-positioning' },
  ppc: { fill: 'bg-channel-ppc', text: 'text-channel-ppc' },
  blog: { fill: 'bg-channel-blog', text: 'text-channel-blog' },
  social: { fill: 'bg-channel-social', text: 'text-channel-social' },
  email: { fill: 'bg-channel-email', text: 'text-channel-email' },
  seo: { fill: 'bg-channel-seo', text: 'text-channel-seo' },
};

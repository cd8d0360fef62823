import type { ClientProfile } from '@alva/validation';

export const profile: ClientProfile = {
  businessName: 'Café Morgenrot',
  industry: 'Café',
  description: 'Neighbourhood café with its own bakery: breakfast, lunch and sourdough bread, six days a week.',
  audience: 'People who live or work within fifteen minutes on foot.',
  goals: ['Fill the tables on weekday mornings'],
  channels: ['social', 'email', 'seo'],
  monthlyBudget: { amount: 600, currency: 'EUR' },
  experience: 'some',
};

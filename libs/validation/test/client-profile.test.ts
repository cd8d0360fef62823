import t from 'tap';
import { clientProfile } from '../src/index.ts';

const profile = {
  businessName: 'Kaffee Nord',
  industry: 'Coffee roastery',
  description: 'We roast small batches and sell them online.',
  audience: 'People who brew filter coffee at home',
  goals: ['More subscriptions'],
  channels: ['blog', 'email'],
  monthlyBudget: { amount: 800, currency: 'EUR' },
  experience: 'some',
};

void t.test('a profile holds what the questionnaire asks, trimmed', async (t) => {
  t.match(clientProfile.parse({ ...profile, businessName: '  Kaffee Nord ' }), profile);
});

void t.test('rights never come from a profile body, and nonsense is refused', async (t) => {
  const wrong = [
    { userId: 'x' },
    { roles: ['admin'] },
    { goals: [] },
    { goals: Array(6).fill('g') },
    { channels: [] },
    { channels: ['fax'] },
    { channels: ['blog', 'blog'] },
    { monthlyBudget: { amount: -1, currency: 'EUR' } },
    { monthlyBudget: { amount: Infinity, currency: 'EUR' } },
    { monthlyBudget: { amount: 1, currency: 'euro' } },
    { website: 'javascript:alert(1)' },
    { experience: 'guru' },
    { businessName: ' ' },
    { businessName: 'a\u0000b' },
    { businessName: 'a\nb' },
    { description: 'x'.repeat(2001) },
  ];
  for (const change of wrong)
    t.notOk(clientProfile.safeParse({ ...profile, ...change }).success, JSON.stringify(change).slice(0, 60));
});

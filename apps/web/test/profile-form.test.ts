import t from 'tap';
import {
  emptyProfileForm,
  profileResolver,
  type ProfileForm,
  toProfileForm,
} from '../components/profile/profile-form.ts';

const roastery: ProfileForm = {
  ...emptyProfileForm,
  businessName: 'Kaffee Nord',
  industry: 'Coffee roastery',
  description: 'Small-batch filter coffee.',
  audience: 'People who brew at home.',
  goals: ['200 subscriptions'],
  channels: ['email'],
  amount: '800',
  experience: 'some',
};

const judge = async (form: Partial<ProfileForm>) =>
  profileResolver({ ...roastery, ...form }, undefined, { fields: {}, shouldUseNativeValidation: false });

void t.test('what is typed becomes what the api takes, and comes back the same', async (t) => {
  const { values, errors } = await judge({ website: 'kaffee-nord.example', region: ' ' });
  t.same(errors, {});
  t.match(values, { monthlyBudget: { amount: 800, currency: 'EUR' }, website: 'https://kaffee-nord.example' });
  t.notOk('region' in values, 'what was left empty is left out');
  const again = toProfileForm(values as Parameters<typeof toProfileForm>[0]);
  t.same(again, { ...roastery, website: 'https://kaffee-nord.example' });
});

void t.test('amounts are understood however people write them', async (t) => {
  for (const amount of ['1200', '1,200', '1.200', '1 200', '1’200'])
    t.match((await judge({ amount })).values, { monthlyBudget: { amount: 1200 } }, amount);
  t.match((await judge({ amount: '0' })).values, { monthlyBudget: { amount: 0 } });
});

void t.test('whatever is missing is asked for at its own field, in words', async (t) => {
  const { errors } = await profileResolver(emptyProfileForm, undefined, {
    fields: {},
    shouldUseNativeValidation: false,
  });
  t.same(Object.keys(errors).sort(), [
    'amount',
    'audience',
    'businessName',
    'channels',
    'description',
    'experience',
    'goals',
    'industry',
  ]);
  for (const error of Object.values(errors)) t.match(error, { message: /^[A-Z].+\.$/ });
});

void t.test('nonsense is refused at its field', async (t) => {
  for (const [field, value] of [
    ['amount', 'a lot'],
    ['amount', '-5'],
    ['amount', '800.50'],
    ['amount', '12,5'],
    ['website', 'not a website'],
    ['website', 'javascript:alert(1)'],
    ['businessName', 'x'.repeat(1000)],
  ] as const) {
    t.same(Object.keys((await judge({ [field]: value })).errors), [field], `${field}: ${value.slice(0, 20)}`);
  }
});

import { type Channel } from '@alva/shared-types';
import { clientProfile, type ClientProfile } from '@alva/validation';
import { type FieldErrors, type Resolver } from 'react-hook-form';
import { z } from 'zod';

/** The questionnaire as it is typed: all text, nothing missing. */
export const profileForm = z.object({
  businessName: z.string(),
  industry: z.string(),
  description: z.string(),
  website: z.string(),
  region: z.string(),
  audience: z.string(),
  tone: z.string(),
  goals: z.array(z.string()),
  channels: z.array(z.enum(['ppc', 'blog', 'social', 'email', 'seo'] satisfies Channel[])),
  amount: z.string(),
  currency: z.string(),
  experience: z.enum(['', 'none', 'some', 'expert']),
});
export type ProfileForm = z.infer<typeof profileForm>;

export const emptyProfileForm: ProfileForm = {
  businessName: '',
  industry: '',
  description: '',
  website: '',
  region: '',
  audience: '',
  tone: '',
  goals: [],
  channels: [],
  amount: '',
  currency: 'EUR',
  experience: '',
};

/** The first field, as they are read, that something is wrong with. The form library knows only the order of rendering. */
export function firstInvalid(errors: FieldErrors<ProfileForm>): keyof ProfileForm | undefined {
  return profileForm.keyof().options.find((field) => errors[field] !== undefined);
}

export function toProfileForm({ monthlyBudget, website, region, tone, ...rest }: ClientProfile): ProfileForm {
  return {
    ...rest,
    website: website ?? '',
    region: region ?? '',
    tone: tone ?? '',
    amount: String(monthlyBudget.amount),
    currency: monthlyBudget.currency,
  };
}

function read({ amount, currency, website, region, tone, ...rest }: ProfileForm) {
  return clientProfile.safeParse({
    ...rest,
    monthlyBudget: { amount: parseAmount(amount), currency },
    ...(website.trim() !== '' && { website: withScheme(website.trim()) }),
    ...(region.trim() !== '' && { region }),
    ...(tone.trim() !== '' && { tone }),
  });
}

/** People write "1,200" and "1 200" and "1.200"; but "1200.50" is no whole amount, and surely not 120,050. */
function parseAmount(amount: string): number | undefined {
  const written = amount.trim();
  if (!/^(\d+|\d{1,3}([\s.,'’]\d{3})+)$/.test(written)) return undefined;
  return Number(written.replace(/\D/g, ''));
}

function withScheme(address: string): string {
  return /^https?:\/\//i.test(address) ? address : `https://${address}`;
}

const asks: Record<keyof ProfileForm, string> = {
  businessName: 'Enter the name of your business.',
  industry: 'Say what field you are in, like “bakery” or “bike repair”.',
  description: 'Say in a sentence or two what you sell.',
  website: 'This is not a complete web address, like example.com.',
  region: 'Keep this to one short line.',
  audience: 'Say who buys from you, or who should.',
  tone: 'Keep this to one short line.',
  goals: 'Choose or write at least one goal.',
  channels: 'Choose at least one channel.',
  amount: 'Enter a whole amount, like 1500.',
  currency: 'Choose a currency.',
  experience: 'Choose what fits best.',
};

function fieldOf(path: PropertyKey[]): keyof ProfileForm | undefined {
  const [first, second] = path;
  if (first === 'monthlyBudget') return second === 'currency' ? 'currency' : 'amount';
  return Object.keys(asks).find((name): name is keyof ProfileForm => name === first);
}

function message(field: keyof ProfileForm, code: string): string {
  if (code !== 'too_big') return asks[field];
  return field === 'amount' ? 'This is more than we can plan for.' : 'This is too long, shorten it a little.';
}

/** Judges the form by the very schema that the api judges it by, in words that ask instead of blame. */
export const profileResolver: Resolver<ProfileForm, unknown, ClientProfile> = (form) => {
  const { data, error } = read(form);
  if (data !== undefined) return { values: data, errors: {} };
  const errors: FieldErrors<ProfileForm> = {};
  for (const issue of error.issues) {
    const field = fieldOf(issue.path);
    if (field !== undefined) errors[field] ??= { type: issue.code, message: message(field, issue.code) };
  }
  return { values: {}, errors };
};

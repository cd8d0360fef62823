import { providerNames } from '@alva/shared-types';
import { z } from 'zod';
import { identifier, timestamp } from './primitives.ts';
import { redirectTarget } from './redirect-target.ts';

/** A provider that this installation offers. */
export const provider = z
  .object({
    name: z.enum(providerNames),
    label: z.string().describe('What people call it'),
  })
  .meta({ id: 'Provider' });
export type Provider = z.infer<typeof provider>;

export const providerList = z.object({ items: z.array(provider) });
export type ProviderList = z.infer<typeof providerList>;

/** Somebody's account at a provider, as they see it in their settings. */
export const identity = z
  .object({
    id: identifier,
    provider: z.enum(providerNames),
    label: z.string().describe('What people call the provider'),
    email: z.string().nullable().describe('The address that the provider last told; the account is not found by it'),
    createdAt: timestamp,
    lastUsedAt: timestamp,
  })
  .meta({ id: 'Identity' });
export type Identity = z.infer<typeof identity>;

export const identityList = z.object({ items: z.array(identity) });
export type IdentityList = z.infer<typeof identityList>;

export const providerParams = z.object({ provider: z.string().max(20) });
export const beginProviderQuery = z.strictObject({ redirectTo: redirectTarget.optional() });
export const connectProviderAnswer = z.object({
  url: z.string().describe('Where to send the browser, within ten minutes'),
});
export type ConnectProviderAnswer = z.infer<typeof connectProviderAnswer>;

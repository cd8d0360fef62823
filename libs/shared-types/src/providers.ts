/** Others who can vouch for a person, as paths, the database and metrics call them. `oidc` is whichever issuer an installation adds. */
export const providerNames = ['google', 'github', 'apple', 'oidc'] as const;
export type ProviderName = (typeof providerNames)[number];

/** What a mailed link can be for, besides signing in. A token of one purpose is refused for every other. */
export const oneTimeTokenPurposes = ['reset-password', 'verify-email', 'cancel-deletion'] as const;
export type OneTimeTokenPurpose = (typeof oneTimeTokenPurposes)[number];

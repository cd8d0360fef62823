/**
 * Authentication method references carried in `amr`, in the words of RFC 8176 where it has one: `pwd`, `otp` (also a recovery
 * code), `pop` (a passkey) with `user` (which saw its owner), and `mfa` once two different kinds were shown. Ours are `email`
 * (a mailed link or code) and `fed` (another provider vouches).
 */
export const authenticationMethods = ['email', 'pwd', 'fed', 'pop', 'user', 'otp', 'mfa'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/**
 * Why a session is over. Only `signed-out` is the person's own ordinary act in that session;
 * every other reason is "for cause" and also stops the jobs that the session started.
 */
export const sessionEndReasons = [
  'signed-out',
  'revoked',
  'reuse-detected',
  'account-disabled',
  'account-deleted',
] as const;
export type SessionEndReason = (typeof sessionEndReasons)[number];

/** Authentication method references carried in `amr` (RFC 8176 where it has a name for the method). */
export const authenticationMethods = ['email'] as const;
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

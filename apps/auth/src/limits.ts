/** What the limits are called in log, metrics and audit trail: what is limited, and by whom it is counted. */
export const limitNames = {
  linksByAddress: 'send-link:address',
  linksByRecipient: 'send-link:recipient',
  resetsByRecipient: 'password-resets:recipient',
  codesByAttempt: 'codes:attempt',
  codesByRecipient: 'codes:recipient',
  numbersByAttempt: 'numbers:attempt',
  numbersByRecipient: 'numbers:recipient',
  failedLogins: 'login-failures:address',
  passwordsByAccount: 'passwords:account',
  providersByAddress: 'providers:address',
  secondFactorsByChallenge: 'second-factor:challenge',
  secondFactorsByAccount: 'second-factor:account',
  secondFactorsByAccountLong: 'second-factor-long:account',
  stepUpMails: 'step-up-mails:account',
  emailChanges: 'email-changes:account',
  exports: 'exports:account',
  failedRenewals: 'refresh-failures:address',
  renewals: 'renewals:session',
  failedClients: 'client-failures:address',
  failedWebhooks: 'webhook-failures:address',
  revocationStreams: 'revocation-streams:address',
} as const;

export type LimitName = keyof typeof limitNames;

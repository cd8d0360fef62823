/** What the limits are called in log, metrics and audit trail: what is limited, and by whom it is counted. */
export const limitNames = {
  linksByAddress: 'send-link:address',
  linksByRecipient: 'send-link:recipient',
  codesByAttempt: 'codes:attempt',
  codesByRecipient: 'codes:recipient',
  failedRenewals: 'refresh-failures:address',
  renewals: 'renewals:session',
  failedClients: 'client-failures:address',
  revocationStreams: 'revocation-streams:address',
} as const;

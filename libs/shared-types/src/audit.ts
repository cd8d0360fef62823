/**
 * What the audit trail records. Past tense, from the view of the account; the same words in the database, in
 * `GET /admin/audit` and in its filter.
 */
export const auditEvents = [
  'account-created',
  'account-disabled',
  'account-enabled',
  'roles-changed',
  'link-sent',
  'link-withdrawn',
  'sign-in-refused',
  'signed-in',
  'second-factor-asked',
  'signed-out',
  'session-revoked',
  'refresh-token-reused',
  'key-added',
  'key-activated',
  'key-removed',
  'keys-resealed',
  'client-added',
  'client-removed',
  'token-revoked',
  'administration-refused',
  'client-refused',
  'limit-reached',
] as const;
export type AuditEvent = (typeof auditEvents)[number];

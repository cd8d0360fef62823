/**
 * Every kind of mail, and who wants it: `requested` by somebody who waits for it, an `alarm` that somebody may have to act
 * on, or a `notice` that is good to know. Notices stop when mail to an address comes back or was complained about; the others
 * are always tried, or a thief would only have to provoke a complaint first.
 */
const wantedBy = {
  'sign-in': 'requested',
  'verify-email': 'requested',
  'password-reset': 'requested',
  'step-up': 'requested',
  'email-change': 'requested',
  'email-changed': 'alarm',
  'export-ready': 'requested',
  'deletion-asked': 'requested',
  'password-changed': 'alarm',
  'sign-in-changed': 'alarm',
  'new-device': 'notice',
  'reuse-alarm': 'alarm',
  'account-deleted': 'notice',
} as const;

export type MailKind = keyof typeof wantedBy;
export const mailKinds = Object.keys(wantedBy) as [MailKind, ...MailKind[]];
export const notices = mailKinds.filter((kind) => wantedBy[kind] === 'notice');

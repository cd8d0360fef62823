/**
 * Every kind of mail, and who wants it: `requested` by somebody who waits for it, or a `notice` of ours that nobody asked
 * for. Notices stop when mail to an address comes back; what people ask for is always tried.
 */
const wantedBy = {
  'sign-in': 'requested',
  'verify-email': 'requested',
  'password-reset': 'requested',
  'step-up': 'requested',
  'email-change': 'requested',
  'email-changed': 'notice',
  'export-ready': 'requested',
  'deletion-asked': 'requested',
  'password-changed': 'notice',
  'sign-in-changed': 'notice',
  'new-device': 'notice',
  'reuse-alarm': 'notice',
  'account-deleted': 'notice',
} as const;

export type MailKind = keyof typeof wantedBy;
export const mailKinds = Object.keys(wantedBy) as [MailKind, ...MailKind[]];
export const notices = mailKinds.filter((kind) => wantedBy[kind] === 'notice');

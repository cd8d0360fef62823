import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface PasswordChangedLetter {
  readonly to: string;
  /** By a mailed link, or by somebody who was signed in. */
  readonly byLink: boolean;
  readonly device: string;
  readonly forgotUrl: string;
}

export function passwordChangedEmail({ to, byLink, device, forgotUrl }: PasswordChangedLetter): Mail {
  return renderLetter({
    kind: 'password-changed',
    to,
    subject: 'Your Alva password was changed',
    preview: 'If that was you, there is nothing to do.',
    heading: 'Your password was changed',
    paragraphs: [
      byLink
        ? 'Somebody who could read this mailbox set a new password. All your sessions were ended; sign in again on each device.'
        : 'Somebody who was signed in to your account set a new password. All other sessions were ended.',
      'If that was you, there is nothing to do.',
    ],
    facts: [['Device', device]],
    action: { label: 'It was not me', link: forgotUrl },
    footnotes: [
      'With the button you set another password and end every session. Make sure as well that nobody else reads your mail.',
    ],
  });
}

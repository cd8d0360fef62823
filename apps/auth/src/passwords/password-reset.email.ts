import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface PasswordResetLetter {
  readonly to: string;
  readonly link: string;
  readonly lifetimeMinutes: number;
  readonly device: string;
}

export function passwordResetEmail({ to, link, lifetimeMinutes, device }: PasswordResetLetter): Mail {
  return renderLetter({
    kind: 'password-reset',
    to,
    subject: 'Set a new password for Alva',
    preview: `The link is good for ${lifetimeMinutes} minutes.`,
    heading: 'Set a new password',
    paragraphs: [
      `This link lets you set a new password. It works once, for ${lifetimeMinutes} minutes, and signs you out everywhere.`,
    ],
    action: { label: 'Set a new password', link },
    footnotes: [`Asked for with ${device}.`, 'If it was not you, do nothing: your password stays as it is.'],
  });
}

/** For an address that nobody has: whoever asked may have another, and is not left waiting. */
export function noAccountEmail({ to, signInUrl, device }: { to: string; signInUrl: string; device: string }): Mail {
  return renderLetter({
    kind: 'password-reset',
    to,
    subject: 'There is no Alva account with this address',
    preview: 'So there is no password to reset.',
    heading: 'No account with this address',
    paragraphs: [
      'Somebody asked for a new password for this address. It has no account with Alva, so there is nothing to reset.',
      'If it was you, you may have used another address. Or begin with this one: signing in makes an account.',
    ],
    action: { label: 'Sign in', link: signInUrl },
    footnotes: [`Asked for with ${device}.`, 'If it was not you, do nothing.'],
  });
}

import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface EmailChangedLetter {
  readonly to: string;
  readonly newEmail: string;
  /** For how many days the way back is open. */
  readonly days: number;
  readonly link: string;
}

/** To the old mailbox, with the way back. */
export function emailChangedEmail({ to, newEmail, days, link }: EmailChangedLetter): Mail {
  return renderLetter({
    kind: 'email-changed',
    to,
    subject: 'Your Alva account has a new address',
    preview: `This was not you? Take it back within ${days} days.`,
    heading: 'Your account has moved',
    paragraphs: [
      'Sign-in links go to the new address from now on. All other devices were signed out.',
      `If this was not you, you have ${days} days to take it back: your account returns to this address, everybody is signed out, and what was added meanwhile is removed.`,
    ],
    facts: [
      ['From', to],
      ['To', newEmail],
    ],
    action: { label: 'This was not me', link },
    footnotes: ['If it was you, there is nothing to do.'],
  });
}

/** To the mailbox that an account was taken away from again. */
export function emailChangeUndoneEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'email-changed',
    to,
    subject: 'Your address was removed from an Alva account',
    preview: 'The change of address was taken back.',
    heading: 'The change of address was taken back',
    paragraphs: [
      'The mailbox that the account had before said that the change was not wanted. The account is back there, and everybody was signed out.',
    ],
    footnotes: [
      'If the account is yours and you cannot read the other mailbox, write to whoever runs this installation.',
    ],
  });
}

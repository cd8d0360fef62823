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
    preview: `This was not you? Restore this address within ${days} days.`,
    heading: 'Your e-mail address has changed',
    paragraphs: [
      'Sign-in links go to the new address from now on. Your other devices were signed out.',
      `If this was not you, you have ${days} days to restore this address: everybody is signed out then, and what was added meanwhile is removed.`,
    ],
    facts: [
      ['From', to],
      ['To', newEmail],
    ],
    action: { label: 'This was not me', link },
    footnotes: ['If it was you, there is nothing to do.'],
  });
}

/** To the old mailbox, which may be lost to somebody else: it learns neither the new address nor of a way back. */
export function movedAwayEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'email-changed',
    to,
    subject: 'Your Alva account has another address now',
    preview: 'It was moved for you, and everybody was signed out.',
    heading: 'Your account has moved',
    paragraphs: [
      'Whoever runs this Alva has moved your account to another address. Sign-in links go there from now on, and everybody was signed out.',
    ],
    footnotes: ['If you did not ask for this, tell whoever runs this Alva.'],
  });
}

/** To the new mailbox. */
export function movedHereEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'email-changed',
    to,
    subject: 'Your Alva account has this address now',
    preview: 'Sign in with this address from now on.',
    heading: 'Your account has moved here',
    paragraphs: [
      'Whoever runs this Alva has moved your account to this address. Sign in with it from now on. You were signed out everywhere; all else is as it was.',
    ],
    footnotes: ['If you have no account, or did not ask for this, tell whoever runs this Alva.'],
  });
}

/** To the mailbox that an account was taken away from again. */
export function emailChangeUndoneEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'email-changed',
    to,
    subject: 'Your address was removed from an Alva account',
    preview: 'The change of address was undone.',
    heading: 'The change of address was undone',
    paragraphs: [
      'Whoever reads the address that the account had before did not want the change. The account has that address again, and everybody was signed out.',
    ],
    footnotes: [
      'If the account is yours and you cannot read mail to that address, write to whoever runs this installation.',
    ],
  });
}

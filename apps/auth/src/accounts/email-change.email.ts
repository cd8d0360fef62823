import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

/** To the old mailbox: without its word nothing moves. */
export function allowEmailChangeEmail({ to, newEmail, link }: { to: string; newEmail: string; link: string }): Mail {
  return renderLetter({
    kind: 'email-change',
    to,
    subject: 'Allow a new address for your Alva account',
    preview: 'Nothing changes unless you confirm it here.',
    heading: 'Change your e-mail address?',
    paragraphs: [
      'Someone who is signed in to your account asked to change its e-mail address. The change needs a confirmation from both addresses, this one and the new one, within a day.',
    ],
    facts: [
      ['From', to],
      ['To', newEmail],
    ],
    action: { label: 'Review the change', link },
    footnotes: [
      'If it was not you, do not confirm it: nothing changes. Then sign in, end the sessions that you do not know and change your password if you have one.',
    ],
  });
}

/** To the new mailbox, as long as nobody has the address. */
export function confirmEmailEmail({ to, link }: { to: string; link: string }): Mail {
  return renderLetter({
    kind: 'email-change',
    to,
    subject: 'Confirm your new address for Alva',
    preview: 'Confirm that this mailbox is yours.',
    heading: 'Is this your new address?',
    paragraphs: [
      'Someone wants to use this address for their Alva account. Confirm within a day that it is you; the change also needs a confirmation from the current address.',
    ],
    action: { label: 'Confirm this address', link },
    footnotes: ['If it was not you, do nothing: without your confirmation nothing changes.'],
  });
}

/** To a mailbox that has an account of its own: its owner learns of it, whoever asked does not. */
export function emailTakenEmail({ to, signInUrl }: { to: string; signInUrl: string }): Mail {
  return renderLetter({
    kind: 'email-change',
    to,
    subject: 'Your address was entered for another Alva account',
    preview: 'Nothing has changed.',
    heading: 'This address has an account already',
    paragraphs: [
      'Someone wanted to use this address for another Alva account. An address belongs to one account only, so nothing has changed.',
      'If it was you, sign in to the account of this address instead, or delete it first.',
    ],
    action: { label: 'Sign in', link: signInUrl },
    footnotes: [
      'If it was not you, there is nothing to do. Whoever asked was not told that the address has an account.',
    ],
  });
}

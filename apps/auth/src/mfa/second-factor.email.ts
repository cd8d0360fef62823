import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface SecurityLetter {
  readonly to: string;
  readonly device: string;
  readonly securityUrl: string;
}

const review = (link: string) => ({ label: 'Look at your security settings', link });

export function secondFactorOnEmail({ to, device, securityUrl }: SecurityLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'Your Alva account asks for a second factor now',
    preview: 'From now on a code of your authenticator app is needed to sign in.',
    heading: 'Two-step sign-in is on',
    paragraphs: [
      'From now on you need a code of your authenticator app to sign in. Everywhere else you were signed out.',
      'Keep the recovery codes where you find them without your phone.',
    ],
    facts: [['Device', device]],
    action: review(securityUrl),
    footnotes: ['If it was not you, tell whoever runs this Alva at once.'],
  });
}

export function secondFactorOffEmail({ to, device, securityUrl }: SecurityLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'Your Alva account asks for no second factor any more',
    preview: 'Two-step sign-in was switched off.',
    heading: 'Two-step sign-in is off',
    paragraphs: ['Codes of your authenticator app are not asked for any more, and your recovery codes are void.'],
    facts: [['Device', device]],
    action: review(securityUrl),
    footnotes: ['If it was not you, switch it on again and end your other sessions.'],
  });
}

export function secondFactorResetEmail({ to, signInUrl }: { to: string; signInUrl: string | undefined }): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'An administrator reset your second factor for Alva',
    preview: 'You can sign in without a code of your authenticator app.',
    heading: 'Your second factor was reset',
    paragraphs: [
      'An administrator switched two-step sign-in off for your account and ended all your sessions.',
      'Sign in again, and switch it on anew in your security settings.',
    ],
    ...(signInUrl === undefined ? {} : { action: { label: 'Sign in', link: signInUrl } }),
    footnotes: ['If you did not ask for this, tell whoever runs this Alva.'],
  });
}

export function waysInRemovedEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'All other ways in to your Alva account were removed',
    preview: 'A link by mail is what signs you in.',
    heading: 'Only this mailbox opens your account',
    paragraphs: [
      'Whoever runs this Alva has removed the password, the passkeys, the connected accounts and the second factor of your account, as far as there were any, and has ended all your sessions.',
      'Sign in with a link by mail, and set up anew what you use in your security settings.',
    ],
    footnotes: ['If you did not ask for this, tell whoever runs this Alva.'],
  });
}

/** Sent once while codes are refused, not for each: who guesses shall not fill a mailbox by it. */
export function codesGuessedEmail({ at, ...letter }: SecurityLetter & { at: 'sign-in' | 'session' }): Mail {
  const where =
    at === 'sign-in'
      ? 'Somebody gets as far as the second step of your sign-in and types wrong codes there. They read your mail, know your password or use an account elsewhere that is connected to yours.'
      : 'Somebody types wrong codes of your authenticator app in a session of yours.';
  return renderLetter({
    kind: 'sign-in-changed',
    to: letter.to,
    subject: 'Somebody guesses codes for your Alva account',
    preview: 'Codes of your authenticator app are not taken there for a while.',
    heading: 'Many wrong codes were tried',
    paragraphs: [
      where,
      'Codes of your authenticator app are not taken there for a while. Recovery codes and passkeys still work.',
    ],
    facts: [['Device', letter.device]],
    action: review(letter.securityUrl),
    footnotes: [
      at === 'sign-in'
        ? 'If it was not you, change your password and the one of your mailbox.'
        : 'If it was not you, end your sessions.',
    ],
  });
}

export function recoveryCodesMadeEmail({ to, device, securityUrl }: SecurityLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'New recovery codes were made for your Alva account',
    preview: 'The codes before are void.',
    heading: 'New recovery codes were made',
    paragraphs: [
      'The recovery codes you had before are void. Keep the new ones where you find them without your phone.',
    ],
    facts: [['Device', device]],
    action: review(securityUrl),
    footnotes: ['If it was not you, end your other sessions and make new codes.'],
  });
}

export function recoveryCodeUsedEmail({ left, ...letter }: SecurityLetter & { left: number }): Mail {
  const remaining = left === 0 ? 'None is left' : left === 1 ? 'One is left' : `${left} are left`;
  return renderLetter({
    kind: 'sign-in-changed',
    to: letter.to,
    subject: 'A recovery code of your Alva account was used',
    preview: `${remaining}.`,
    heading: 'A recovery code was used',
    paragraphs: [
      'Somebody showed one of your recovery codes in place of a code of your authenticator app. It is void now.',
      `${remaining}. You can make new ones in your security settings.`,
    ],
    facts: [['Device', letter.device]],
    action: review(letter.securityUrl),
    footnotes: ['If it was not you, make new codes and end your other sessions.'],
  });
}

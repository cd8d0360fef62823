import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface PasskeyLetter {
  readonly to: string;
  /** What the person calls it. */
  readonly name: string;
  readonly device: string;
  readonly securityUrl: string;
}

export function passkeyAddedEmail({ to, name, device, securityUrl }: PasskeyLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'A passkey was added to your Alva account',
    preview: `“${name}” can sign in now.`,
    heading: 'A passkey was added',
    paragraphs: [`“${name}” can sign in to your account now, without a mail and without a code.`],
    facts: [['Device', device]],
    action: { label: 'Look at your passkeys', link: securityUrl },
    footnotes: ['If it was not you, remove it and end your other sessions.'],
  });
}

export function passkeyRemovedEmail({ to, name, device, securityUrl }: PasskeyLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: 'A passkey was removed from your Alva account',
    preview: `“${name}” cannot sign in any more.`,
    heading: 'A passkey was removed',
    paragraphs: [`“${name}” cannot sign in to your account any more.`],
    facts: [['Device', device]],
    action: { label: 'Look at your passkeys', link: securityUrl },
    footnotes: ['If it was not you, end your other sessions and look at the rest.'],
  });
}

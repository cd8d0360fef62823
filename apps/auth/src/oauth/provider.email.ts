import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

/** Tells the owner of an account that there is a new way into it. */
export function providerConnectedEmail({
  to,
  label,
  settingsUrl,
}: Record<'to' | 'label' | 'settingsUrl', string>): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: `${label} can now sign you in to Alva`,
    preview: `Your account was connected to ${label}.`,
    heading: `Your account is connected to ${label}`,
    paragraphs: [
      `From now on you can sign in to Alva with ${label}. Links by mail work as before.`,
      'If that was not you, disconnect it in your settings and end the sessions that you do not know.',
    ],
    action: { label: 'Look at your settings', link: settingsUrl },
    footnotes: [`You get this mail because a new way into your account was added.`],
  });
}

export interface ProviderLetter {
  readonly to: string;
  readonly label: string;
  readonly device: string;
  readonly securityUrl: string;
}

export function providerDisconnectedEmail({ to, label, device, securityUrl }: ProviderLetter): Mail {
  return renderLetter({
    kind: 'sign-in-changed',
    to,
    subject: `${label} can no longer sign you in to Alva`,
    preview: `Your account was disconnected from ${label}.`,
    heading: `Your account is disconnected from ${label}`,
    paragraphs: [`${label} does not sign you in to Alva any more. Links by mail work as before.`],
    facts: [['Device', device]],
    action: { label: 'Look at your security settings', link: securityUrl },
    footnotes: ['If it was not you, end your other sessions and look at the rest.'],
  });
}

import { countryName } from '../http/countries.ts';
import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface NewDeviceLetter {
  readonly to: string;
  readonly device: string;
  /** ISO 3166-1 alpha-2, as far as the address tells. */
  readonly country: string | null;
  readonly at: Date;
  /** The list of one's sessions, where each can be ended. */
  readonly sessionsUrl: string;
}

const time = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function newDeviceEmail({ to, device, country, at, sessionsUrl }: NewDeviceLetter): Mail {
  return renderLetter({
    kind: 'new-device',
    to,
    subject: 'New sign-in to your Alva account',
    preview: `With ${device}. If that was you, there is nothing to do.`,
    heading: 'A new sign-in',
    paragraphs: [
      'Someone signed in to your account with a device we have not seen you use before. If that was you, there is nothing to do.',
    ],
    facts: [
      ['Device', device],
      ...(country === null ? [] : [['Country', countryName(country)] as const]),
      ['Time', `${time.format(at)} UTC`],
    ],
    action: { label: 'Review your sessions', link: sessionsUrl },
    footnotes: [
      'If it was not you, end that session, and make sure that nobody else can read your mail.',
      'Countries are told from network addresses and can be wrong.',
    ],
  });
}

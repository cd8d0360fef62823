import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface VerifyEmailLetter {
  readonly to: string;
  readonly link: string;
  readonly lifetimeMinutes: number;
  readonly device: string;
}

export function verifyEmailEmail({ to, link, lifetimeMinutes, device }: VerifyEmailLetter): Mail {
  return renderLetter({
    kind: 'verify-email',
    to,
    subject: 'Confirm your address for Alva',
    preview: `The link is good for ${lifetimeMinutes} minutes.`,
    heading: 'Confirm your address',
    paragraphs: [
      `You signed in with a password for the first time. Confirm that this address is yours; the link works once, for ${lifetimeMinutes} minutes. Open it in the browser you signed in with.`,
    ],
    action: { label: 'Confirm and sign in', link },
    footnotes: [`Asked for with ${device}.`, 'If it was not you, do nothing: without this mail nobody gets in.'],
  });
}

import { countryName } from '../http/countries.ts';
import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface SignInLetter {
  readonly to: string;
  readonly link: string;
  readonly code: string;
  readonly lifetimeMinutes: number;
  readonly device: string;
  /** ISO 3166-1 alpha-2, as far as it is known. */
  readonly country: string | null;
}

export function signInEmail({ to, link, code, lifetimeMinutes, device, country }: SignInLetter): Mail {
  // Not in the subject: a code there shows on locked screens.
  return renderLetter({
    kind: 'sign-in',
    to,
    subject: 'Your sign-in link for Alva',
    preview: `Sign in within ${lifetimeMinutes} minutes.`,
    heading: 'Sign in to Alva',
    paragraphs: [
      `This works once, for ${lifetimeMinutes} minutes, on any device: on another one than you asked with, it asks what to do.`,
    ],
    action: { label: 'Sign in', link },
    code: { label: 'Or type this code where you asked to sign in:', value: code },
    footnotes: [
      `Asked for with ${device}${country === null ? '' : ` (${countryName(country)})`}.`,
      'If it was not you, do nothing: without this mail nobody gets in. Never pass the code on; nobody from Alva asks for it.',
    ],
  });
}

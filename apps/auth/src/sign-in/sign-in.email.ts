import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface SignInLetter {
  readonly to: string;
  readonly link: string;
  readonly code: string;
  readonly lifetimeMinutes: number;
  readonly device: string;
}

export function signInEmail({ to, link, code, lifetimeMinutes, device }: SignInLetter): Mail {
  // Not in the subject: a code there shows on locked screens.
  return renderLetter({
    to,
    subject: 'Your sign-in link for Alva',
    preview: `Sign in within ${lifetimeMinutes} minutes.`,
    heading: 'Sign in to Alva',
    paragraphs: [`Open this on the device you want to sign in on. It works once, for ${lifetimeMinutes} minutes.`],
    action: { label: 'Sign in', link },
    code: { label: 'Or type this code where you asked to sign in:', value: code },
    footnotes: [
      `Asked for with ${device}.`,
      'If it was not you, do nothing: without this mail nobody gets in. Never pass the code on; nobody from Alva asks for it.',
    ],
  });
}

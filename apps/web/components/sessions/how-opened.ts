import { type Session } from '@alva/validation';

/** How somebody signed in, in words that go on from "Signed in on Monday". */
export function howOpened(amr: Session['amr']): string {
  const first = amr.includes('pop')
    ? 'with a passkey'
    : amr.includes('pwd')
      ? 'with the password'
      : amr.includes('fed')
        ? 'with a connected account'
        : 'by e-mail';
  return amr.includes('otp') ? `${first} and a second factor` : first;
}

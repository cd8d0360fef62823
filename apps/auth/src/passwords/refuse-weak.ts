import { ProblemError } from '@alva/service-kit';
import { findWeakness, type PasswordContext } from './weakness.ts';

/** Throws 422 for what is easily guessed, with a word about why at `#/password`. */
export function refuseWeakPassword(password: string, context: PasswordContext): void {
  const weakness = findWeakness(password, context);
  if (weakness === undefined) return;
  throw new ProblemError('validation-failed', { errors: [{ pointer: '#/password', detail: weakness }] });
}

import { ProblemError } from '@alva/service-kit';

/** Throws unless the target is a path, or an address on one of these origins. */
export function refuseForeignRedirect(target: string | undefined, origins: readonly string[]): void {
  if (target === undefined || target.startsWith('/') || origins.includes(new URL(target).origin)) return;
  throw new ProblemError('validation-failed', {
    errors: [{ pointer: '#/redirectTo', detail: 'must be a path, or an address on an allowed origin' }],
  });
}

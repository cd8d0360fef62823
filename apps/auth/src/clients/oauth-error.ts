import { ProblemError, type Identifiers } from '@alva/service-kit';

/**
 * A refusal as OAuth words it (RFC 6749, section 5.2), inside a problem document as everywhere else. Whoever fails to
 * authenticate by HTTP is told the scheme to use.
 *
 * @param description ASCII without quotes and backslashes, which is all that `error_description` may hold
 * @param logged for log and audit trail, what the sender is not told
 */
export function oauthError(
  code: 'invalid-request' | 'invalid-client',
  description: string,
  logged: Identifiers = {},
): ProblemError {
  return new ProblemError(code, {
    detail: description,
    logged,
    extensions: { error: code.replace('-', '_'), error_description: description },
    ...(code === 'invalid-client' ? { headers: { 'www-authenticate': 'Basic realm="alva"' } } : {}),
  });
}

export interface Problem {
  readonly status: number;
  /** Short and stable; the same for every occurrence of the code (RFC 9457, section 3.1.3). */
  readonly title: string;
}

/**
 * Every error that a service can answer with. Code is thrown by name, the status is looked up here once,
 * and `<service>/problems/<code>` explains it to a person.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'The request could not be read' },
  'invalid-request': { status: 400, title: 'The OAuth request is not valid' },
  'duplicate-cookie': { status: 400, title: 'The refresh cookie was sent more than once' },
  'authentication-required': { status: 401, title: 'Sign in to do this' },
  'invalid-token': { status: 401, title: 'The access token is not valid' },
  'refresh-token-missing': { status: 401, title: 'There is no session to renew' },
  'refresh-token-invalid': { status: 401, title: 'The session is over' },
  'refresh-token-reused': { status: 401, title: 'The session was ended because an old refresh token came back' },
  'credentials-invalid': { status: 401, title: 'Address and password do not belong together' },
  'link-invalid': { status: 401, title: 'This link is not valid' },
  'link-expired': { status: 401, title: 'This link has expired' },
  'link-used': { status: 401, title: 'This link was used already' },
  'link-superseded': { status: 401, title: 'A newer sign-in link was sent' },
  'code-invalid': { status: 401, title: 'This code is not right' },
  'number-invalid': { status: 401, title: 'This is not the number that the other browser shows' },
  'attempt-unknown': { status: 401, title: 'This browser did not ask for that sign-in' },
  'provider-cancelled': { status: 401, title: 'The sign-in was cancelled at the provider' },
  'provider-refused': { status: 401, title: 'What the provider answered could not be trusted' },
  'provider-answer-late': { status: 401, title: 'The provider’s answer came too late' },
  'provider-answer-used': { status: 401, title: 'The provider’s answer was used already' },
  'challenge-unknown': { status: 401, title: 'This browser has no sign-in to finish' },
  'passkey-invalid': { status: 401, title: 'This passkey does not sign in here' },
  'account-disabled': { status: 401, title: 'This account is disabled' },
  'invalid-client': { status: 401, title: 'The service’s own credentials are not valid' },
  'email-unverified': { status: 403, title: 'Confirm your address first' },
  'address-unverified': { status: 403, title: 'The provider does not vouch for your e-mail address' },
  'second-factor-required': { status: 403, title: 'A second factor is needed to sign in' },
  'step-up-required': { status: 403, title: 'Show once more who you are to do this' },
  'signature-invalid': { status: 403, title: 'The message is not signed as it should be' },
  'step-up-failed': { status: 403, title: 'This does not show who you are' },
  'origin-not-allowed': { status: 403, title: 'This origin may not do that' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'profile-required': { status: 403, title: 'Describe your business first' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This address does not know that method' },
  conflict: { status: 409, title: 'The request contradicts the present state' },
  'identity-taken': { status: 409, title: 'This sign-in belongs to another account' },
  'last-way-in': { status: 409, title: 'Nobody removes their last way in' },
  'different-browser': { status: 409, title: 'The link was opened in another browser than it was asked for' },
  'attempt-pending': { status: 409, title: 'Nobody has approved this sign-in yet' },
  'idempotency-key-reused': { status: 409, title: 'This idempotency key belongs to another request' },
  'second-factor-on': { status: 409, title: 'The second factor is on already' },
  'second-factor-off': { status: 409, title: 'The second factor is not on' },
  'self-lockout': { status: 409, title: 'Nobody takes their own rights to administer' },
  'key-too-young': { status: 409, title: 'The next key has not been published long enough to sign' },
  'job-finished': { status: 409, title: 'The job is over already' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'The request body is of a media type that is not read here' },
  'validation-failed': { status: 422, title: 'The request has invalid values' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'budget-exhausted': { status: 429, title: 'The budget for today is used up' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'service-unavailable': { status: 503, title: 'A part we depend on is down' },
  'provider-unavailable': { status: 503, title: 'The provider does not answer' },
  'keys-unavailable': { status: 503, title: 'The signing keys could not be had yet' },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof problems;

/** Why tokens are refused. For logs and metrics; the person who sent one learns nothing but the problem. */
export const rejectionReasons = [
  'missing',
  'repeated-header',
  'malformed',
  'header',
  'unknown-key',
  'signature',
  'claims',
  'issuer',
  'audience',
  'lifetime',
  'not-yet-valid',
  'expired',
  'revoked',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

const titles = {
  'authentication-required': 'Sign in to do this',
  'invalid-token': 'The access token is not valid',
  forbidden: 'Your role does not allow this',
  'keys-unavailable': 'The signing keys could not be had yet',
} as const;

/**
 * The request carries no acceptable access token: answer 401 with `challenge` (RFC 6750 section 3).
 * `problem` is a code of Alva's problem catalogue, so error handlers need not know this class.
 */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  readonly problem: 'invalid-token' | 'authentication-required';
  readonly status = 401;
  readonly reason: RejectionReason;
  /** Of a token that was good until its session ended; for logs. */
  readonly session: { readonly sid: string; readonly sub: string } | undefined;

  constructor(reason: RejectionReason, session?: { readonly sid: string; readonly sub: string }) {
    const problem = reason === 'missing' ? 'authentication-required' : 'invalid-token';
    // The message may reach the sender through a framework's default error handler, so it keeps the reason to itself.
    super(titles[problem]);
    this.problem = problem;
    this.reason = reason;
    this.session = session;
  }

  /** Value of `WWW-Authenticate`: an error is named only when a token was presented (RFC 6750 section 3.1). */
  get challenge(): string {
    return this.problem === 'invalid-token' ? 'Bearer error="invalid_token"' : 'Bearer';
  }
}

/** The token is good and the person's roles do not suffice: answer 403. */
export class RoleRequired extends Error {
  override readonly name = 'RoleRequired';
  readonly problem = 'forbidden';
  readonly status = 403;
  readonly role: string;

  constructor(role: string) {
    super(titles.forbidden);
    this.role = role;
  }
}

/** Nothing can be verified because the signing keys could never be fetched: answer 503 with `Retry-After`. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly problem = 'keys-unavailable';
  readonly status = 503;
  /** Seconds; they are asked for again in the background all the time. */
  readonly retryAfter = 5;

  constructor(cause?: unknown) {
    super(titles['keys-unavailable'], { cause });
  }
}

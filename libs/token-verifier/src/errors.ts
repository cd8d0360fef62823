import { problems } from '@alva/shared-types';

/** Why a token was refused. For logs and metrics; the person who sent it learns nothing but the problem. */
export type RejectionReason =
  | 'missing'
  | 'repeated-header'
  | 'malformed'
  | 'header'
  | 'unknown-key'
  | 'signature'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'lifetime'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked';

/**
 * The request carries no acceptable access token: answer 401 (RFC 6750 section 3).
 * `problem` and `status` follow the catalogue of `@alva/shared-types`, so error handlers need not know this class.
 */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  readonly problem: 'invalid-token' | 'authentication-required';
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason) {
    const problem = reason === 'missing' ? 'authentication-required' : 'invalid-token';
    // The message may reach the sender through a framework's default error handler, so it keeps the reason to itself.
    super(problems[problem].title);
    this.problem = problem;
    this.reason = reason;
  }

  get status(): number {
    return problems[this.problem].status;
  }

  /** Value of `WWW-Authenticate`: an error is named only when a token was presented (RFC 6750 section 3.1). */
  get challenge(): string {
    return this.problem === 'invalid-token' ? 'Bearer error="invalid_token"' : 'Bearer';
  }
}

/** Nothing can be verified because the signing keys could never be fetched: answer 503. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly problem = 'keys-unavailable';

  constructor(cause?: unknown) {
    super(problems['keys-unavailable'].title, { cause });
  }

  get status(): number {
    return problems[this.problem].status;
  }
}

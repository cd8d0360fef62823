export { bearerToken } from './bearer-token.ts';
export type { VerifiedToken } from './claims.ts';
export { KeysUnavailable, RoleRequired, TokenRejected, rejectionReasons, type RejectionReason } from './errors.ts';
export {
  createTokenVerifier,
  type TokenVerifier,
  type TokenVerifierOptions,
  type VerifierState,
} from './token-verifier.ts';

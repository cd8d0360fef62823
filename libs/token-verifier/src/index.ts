export { bearerToken } from './bearer-token.ts';
export type { VerifiedToken } from './claims.ts';
export { KeysUnavailable, TokenRejected, type RejectionReason } from './errors.ts';
export { installTokenGuard, type TokenGuardOptions } from './fastify-plugin.ts';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';

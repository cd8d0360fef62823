export { createAuthSession, type AuthSession, type AuthSessionOptions } from './auth-session.ts';
export type { Browser } from './browser.ts';
export type { SessionState, SignedOutReason } from './session-state.ts';
export { SessionUnavailable } from './session-unavailable.ts';
export { ServiceProblem } from '@alva/validation';

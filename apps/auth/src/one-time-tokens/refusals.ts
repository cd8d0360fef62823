import { type ProblemCode } from '@alva/shared-types';
import { type OneTimeTokenState } from './one-time-tokens.store.ts';

/** What is said of a token that could not be spent. Live is one that was spent, or came alive, between two statements. */
export const tokenRefusals: Readonly<Record<OneTimeTokenState, ProblemCode>> = {
  live: 'link-invalid',
  withdrawn: 'link-invalid',
  used: 'link-used',
  expired: 'link-expired',
};

import { type ProblemCode } from '@alva/shared-types';
import { type AttemptState } from './magic-links.store.ts';

/** What a link, code or approval is refused with. */
export const attemptRefusals: Record<AttemptState, ProblemCode> = {
  live: 'link-invalid',
  withdrawn: 'link-invalid',
  used: 'link-used',
  expired: 'link-expired',
  superseded: 'link-superseded',
};

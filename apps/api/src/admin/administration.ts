import { guarded } from '../guard.ts';

/** What the documentation says of a route inside the administrators' scope. */
export const administration = { ...guarded, tags: ['administration'] };
export const administrationRefusals = ['authentication-required', 'invalid-token', 'forbidden'] as const;

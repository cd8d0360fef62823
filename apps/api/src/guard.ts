/** What the documentation says of a route inside the guarded scope. The guards themselves are installed on the scopes, in `app.ts`. */
export const guarded = { security: [{ bearer: [] as string[] }] };

/** Of a route that guests use, too. */
export const guardedWithGuests = { security: [{ bearer: [] as string[] }, { guest: [] as string[] }] };

/** What such a route may refuse somebody with who is not known to it. */
export const guestRefusals = ['malformed-request', 'authentication-required', 'guest-token-invalid'] as const;

/** Of a route for which nobody has to be anybody. */
export const forAnybody = { security: [{ bearer: [] as string[] }, {}] };

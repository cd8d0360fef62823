/** What the documentation says of a route inside the guarded scope. The guard itself is installed on the scope, in `app.ts`. */
export const guarded = { security: [{ bearer: [] as string[] }] };

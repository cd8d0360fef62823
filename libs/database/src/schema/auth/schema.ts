import { pgSchema } from 'drizzle-orm/pg-core';

/** Everything about people, credentials and sessions; only the role `alva_auth` can read it. */
export const authSchema = pgSchema('auth');

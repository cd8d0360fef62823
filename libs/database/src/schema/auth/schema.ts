import { pgSchema } from '../../drizzle.ts';

/** Everything about people, credentials and sessions; only the role `alva_auth` can read it. */
export const authSchema = pgSchema('auth');

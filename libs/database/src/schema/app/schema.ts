import { pgSchema } from '../../drizzle.ts';

/** The work people do; only the role `alva_app` can read it. People are known here by the `sub` of their tokens alone. */
export const appSchema = pgSchema('app');

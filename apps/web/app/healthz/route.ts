import { ok } from '../../lib/health.ts';

/** The process is alive. */
export function GET(): Response {
  return ok();
}

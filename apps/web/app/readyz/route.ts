import { ok } from '../../lib/health.ts';

/** It can do its work: pages need nothing but the configuration, without which the process would not have started. */
export function GET(): Response {
  return ok();
}

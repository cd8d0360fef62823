import type { z } from 'zod';
import { isLoopback } from './fields.ts';

export interface Refusal<Config> {
  variable: keyof Config & string;
  /** True when the value must not be used in production. */
  when: (config: Config) => boolean;
  /** Completes "VARIABLE …": "must not be inbox in production". */
  message: string;
}

const publicUrls = ['WEB_URL', 'API_URL', 'AUTH_URL'] as const;

/**
 * For `superRefine` on a service's schema: in production, public URLs and origins that may call in plain http (localhost
 * aside) and whatever the service adds are refused at start.
 */
export function refuseInProduction<Config extends { NODE_ENV: string }>(refusals: Refusal<Config>[] = []) {
  return (config: Config, context: z.RefinementCtx): void => {
    if (config.NODE_ENV !== 'production') return;
    for (const name of publicUrls) {
      const url = (config as Partial<Record<string, unknown>>)[name];
      if (typeof url === 'string' && url.startsWith('http:') && !isLoopback(url)) {
        context.addIssue({ code: 'custom', path: [name], message: 'must be https in production' });
      }
    }
    const { CORS_ORIGINS: origins } = config as { CORS_ORIGINS?: unknown };
    if (Array.isArray(origins) && origins.some((url: string) => url.startsWith('http:') && !isLoopback(url)))
      context.addIssue({ code: 'custom', path: ['CORS_ORIGINS'], message: 'must be https in production' });
    for (const { variable, when, message } of refusals) {
      if (when(config)) context.addIssue({ code: 'custom', path: [variable], message });
    }
  };
}

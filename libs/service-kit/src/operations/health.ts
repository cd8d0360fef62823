import { z } from 'zod';
import { ProblemError } from '../problems/problem-error.ts';
import type { Server } from '../server/create-server.ts';
import { onlyProblemResponses } from '../openapi/problem-responses.ts';
import type { Readiness } from './readiness.ts';

const ok = z.object({ status: z.literal('ok') });
/** `degraded` names what is missing and can be done without for a while. */
const ready = ok.extend({ degraded: z.array(z.string()).optional() });

/** GET /healthz: the process is alive, whatever it depends on. GET /readyz: it can do its work. */
export function installHealth(app: Server, { readiness }: { readiness: Readiness }): void {
  const config = { rateLimit: false } as const;
  app.get(
    '/healthz',
    { config, schema: { tags: ['health'], summary: 'Is the process alive?', response: { 200: ok } } },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: {
        tags: ['health'],
        summary: 'Can it do its work?',
        response: { 200: ready, ...onlyProblemResponses('internal-error', 'service-unavailable') },
      },
    },
    async () => {
      const failing = await readiness.failing();
      if (failing.length > 0)
        throw new ProblemError('service-unavailable', { detail: `Not ready: ${failing.join(', ')}` });
      const degraded = await readiness.degraded();
      return { status: 'ok' as const, ...(degraded.length > 0 ? { degraded } : {}) };
    },
  );
}

import {
  createServer,
  installCors,
  installHealth,
  installOpenApi,
  installRateLimits,
  installSecurityHeaders,
  version,
  type Metrics,
  type Readiness,
  type Server,
} from '@alva/service-kit';
import { TokenRejected } from '@alva/token-verifier';
import { installTokenGuard } from '@alva/token-verifier/fastify';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiConfig } from './config.ts';
import { jobEventRoutes } from './jobs/job-events.routes.ts';
import { jobRoutes } from './jobs/jobs.routes.ts';
import { exportRoutes } from './people/export.routes.ts';
import { planRoutes } from './plans/plans.routes.ts';
import { profileRoutes } from './profiles/profiles.routes.ts';
import type { ApiResources } from './resources.ts';
import { createServices } from './services.ts';
import { observeVerifier } from './verifier-metrics.ts';

export interface AppParts {
  readonly config: ApiConfig;
  readonly resources: ApiResources;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

export async function createApp({ config, resources, log, metrics, readiness }: AppParts): Promise<Server> {
  const publicUrl = config.API_URL;
  const { profiles, people, plans, jobs, watch } = createServices(resources, log);
  const { verifier } = resources;

  const app = createServer({ name: 'api', publicUrl, config, logger: log, metrics });
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'; sandbox" });
  await installCors(app, { origins: config.CORS_ORIGINS });
  await installRateLimits(app, { counters: resources.counters, metrics, ...config.REQUEST_LIMIT });
  await installOpenApi(app, {
    title: 'Alva api',
    version,
    description: 'Marketing plans, and the jobs that write them.',
    publicUrl,
    tags: [
      { name: 'profile', description: 'The questionnaire about a business' },
      { name: 'plans', description: 'Having marketing plans written, and reading them' },
      { name: 'jobs', description: 'The work behind them: watching it and calling it off' },
      { name: 'health', description: 'For supervisors and load balancers' },
    ],
  });
  installHealth(app, { readiness });

  await app.register(async (guarded) => {
    const countRefusal = observeVerifier(metrics, verifier);
    installTokenGuard(guarded, {
      verifier,
      onReject(error, request) {
        countRefusal(error);
        if (error instanceof TokenRejected) request.identify({ reason: error.reason, ...error.session });
      },
    });
    guarded.addHook('onRequest', (request, _reply, done) => {
      request.identify({ sid: request.token.sid, sub: request.token.sub });
      done();
    });
    await guarded.register(profileRoutes, { profiles });
    await guarded.register(exportRoutes, { people });
    await guarded.register(planRoutes, { plans });
    await guarded.register(jobRoutes, { jobs });
    await guarded.register(jobEventRoutes, { jobs, watch, verifier });
  });
  return app;
}

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
  type Routes,
  type Server,
} from '@alva/service-kit';
import { TokenRejected, type KeysUnavailable } from '@alva/token-verifier';
import { installTokenGuard } from '@alva/token-verifier/fastify';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { adminRoutes } from './admin/admin.routes.ts';
import { createBoardCookie } from './admin/queues/board-cookie.ts';
import { boardRoutes } from './admin/queues/board.routes.ts';
import { chatListRoutes, chatSessionRoutes } from './chat/chat-sessions.routes.ts';
import { mergeRoutes } from './chat/merge.routes.ts';
import { questionRoutes } from './chat/questions.routes.ts';
import { startChatRoutes } from './chat/start.routes.ts';
import type { ApiConfig } from './config.ts';
import { guestLimitNames } from './guests/guest-limits.ts';
import { installOwnerGuard } from './guests/owner-guard.ts';
import type { JobDefinition } from './jobs/job-definition.ts';
import { jobEventRoutes, streamLimit } from './jobs/job-events.routes.ts';
import { createJobStreamObserver } from './jobs/job-stream-metrics.ts';
import { jobListRoutes, jobRoutes } from './jobs/jobs.routes.ts';
import { documentRoutes } from './knowledge/document.routes.ts';
import { uploadRoutes } from './knowledge/upload.routes.ts';
import { exportLimit, exportRoutes } from './people/export.routes.ts';
import { planEditRoutes } from './plans/plan-edits.routes.ts';
import { planRoutes } from './plans/plans.routes.ts';
import { profileRoutes } from './profiles/profiles.routes.ts';
import type { ApiResources } from './resources.ts';
import { createServices, type Services } from './services.ts';
import { createStores } from './stores.ts';
import { taskRoutes } from './tasks/tasks.routes.ts';
import { limitNames } from './usage/refusals.ts';
import { usageRoutes } from './usage/usage.routes.ts';
import { observeVerifier } from './verifier-metrics.ts';

const mebibyte = 2 ** 20;

export interface AppParts {
  readonly config: ApiConfig;
  readonly resources: ApiResources;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Milliseconds before whoever stopped reading is hung up on; tests shorten it. */
  readonly readerPatienceMs?: number | undefined;
  /** Kinds of jobs besides those of the house, and the guarded routes by which they are asked for. */
  readonly further?: Further;
}

export interface Further {
  readonly jobs: readonly JobDefinition<unknown, unknown>[];
  readonly routes: Routes<Services>;
}

export async function createApp(parts: AppParts): Promise<Server> {
  const { config, resources, log, metrics, readiness, further, readerPatienceMs } = parts;
  const publicUrl = config.API_URL;
  const stores = createStores(resources.database);
  const services = createServices({ config, resources, stores, log, metrics, furtherJobs: further?.jobs });
  const { verifier } = resources;

  const app = createServer({ name: 'api', publicUrl, config, logger: log, metrics, readerPatienceMs });
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'; sandbox" });
  await installCors(app, { origins: config.CORS_ORIGINS });
  await installRateLimits(app, { counters: resources.counters, metrics, ...config.REQUEST_LIMIT });
  await installOpenApi(app, {
    title: 'Alva api',
    version,
    description: 'Marketing plans, conversations about them, documents to quote, and the jobs that do the work.',
    publicUrl,
    securitySchemes: {
      guest: { type: 'apiKey', in: 'header', name: 'X-Guest-Token', description: 'Of a guest, for one conversation' },
    },
    tags: [
      { name: 'profile', description: 'The questionnaire about a business' },
      { name: 'plans', description: 'Having marketing plans written, reading and changing them' },
      { name: 'tasks', description: 'What the plans say is to be done' },
      { name: 'chat', description: 'Asking the assistant, also without an account' },
      { name: 'knowledge', description: 'Documents that the assistant may quote, and what is found in them' },
      { name: 'jobs', description: 'The work behind them: watching it and calling it off' },
      { name: 'usage', description: 'What the work of a day costs, and what is left of the budget' },
      { name: 'administration', description: 'Everybody’s jobs and budgets, for administrators' },
      { name: 'health', description: 'For supervisors and load balancers' },
    ],
  });
  metrics.expectLimits([...Object.values(limitNames), streamLimit, exportLimit, ...Object.values(guestLimitNames)]);
  installHealth(app, { readiness });

  const countRefusal = observeVerifier(metrics, verifier);
  function onReject(error: TokenRejected | KeysUnavailable, request: Pick<FastifyRequest, 'identify'>): void {
    countRefusal(error);
    if (error instanceof TokenRejected) request.identify({ reason: error.reason, ...error.session });
  }
  const boardCookie = createBoardCookie(publicUrl);
  await app.register(boardRoutes, {
    queues: resources.queues,
    boardCookie,
    verifier,
    onReject,
    webUrl: config.WEB_URL,
  });

  // People.
  await app.register(async (guarded) => {
    installTokenGuard(guarded, { verifier, onReject });
    guarded.addHook('onRequest', (request, _reply, done) => {
      request.identify({ sid: request.token.sid, sub: request.token.sub });
      done();
    });
    await guarded.register(profileRoutes, services);
    await guarded.register(exportRoutes, stores);
    await guarded.register(planRoutes, services);
    await guarded.register(planEditRoutes, services);
    await guarded.register(taskRoutes, services);
    await guarded.register(documentRoutes, services);
    await guarded.register(uploadRoutes, { ...services, fileLimit: config.KNOWLEDGE_FILE_LIMIT * mebibyte });
    await guarded.register(chatListRoutes, services);
    await guarded.register(mergeRoutes, stores);
    await guarded.register(jobListRoutes, services);
    await guarded.register(adminRoutes, {
      ...services,
      adminJobs: stores.adminJobs,
      boardCookie,
      origins: config.CORS_ORIGINS,
    });
    if (further) await guarded.register(further.routes, services);
  });

  // People and guests, each with what is theirs.
  const { guests } = stores;
  await app.register(async (shared) => {
    installOwnerGuard(shared, { verifier, guests, onReject });
    await shared.register(chatSessionRoutes, services);
    await shared.register(questionRoutes, services);
    await shared.register(jobRoutes, services);
    await shared.register(jobEventRoutes, {
      events: stores.jobEvents,
      watch: services.watch,
      verifier,
      observer: createJobStreamObserver(metrics),
      streamsPerPerson: config.JOB_STREAMS_PER_PERSON,
    });
    await shared.register(usageRoutes, services);
  });

  // Anybody.
  await app.register(async (open) => {
    installOwnerGuard(open, { verifier, guests, onReject, strangers: true });
    await open.register(startChatRoutes, services);
  });
  return app;
}

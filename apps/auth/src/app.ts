import {
  createLimiter,
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
import { type FastifyBaseLogger } from 'fastify';
import { meRoutes } from './accounts/me.routes.ts';
import { adminRoutes } from './admin/admin.routes.ts';
import { createUserAdministration } from './admin/users.service.ts';
import { createAuditTrail } from './audit/audit.service.ts';
import { recordLimits, recordRefusedClients } from './audit/refusal-hooks.ts';
import { createRefusals } from './audit/refusals.service.ts';
import { installClientGuard } from './clients/client-guard.ts';
import { createClients } from './clients/clients.service.ts';
import { acceptOnlyForms } from './clients/form-bodies.ts';
import { type Config } from './config.ts';
import { inboxRoutes } from './dev-inbox/inbox.routes.ts';
import { createSignInAnswer } from './http/answer-sign-in.ts';
import { createCookie, installCookies } from './http/cookies.ts';
import { limitNames } from './limits.ts';
import { type AuthMetrics } from './metrics.ts';
import { type Resources } from './resources.ts';
import { deriveKey } from './secrets/seal.ts';
import { createAnnouncer } from './sessions/announcer.ts';
import { ownSessionRoutes } from './sessions/own-sessions.routes.ts';
import { revocationRoutes } from './sessions/revocations.routes.ts';
import { createRevocations } from './sessions/revocations.service.ts';
import { sessionRoutes } from './sessions/sessions.routes.ts';
import { createSessions } from './sessions/sessions.service.ts';
import { createEntrance } from './sign-in/entrance.ts';
import { magicLinkRoutes } from './sign-in/magic-link.routes.ts';
import { createMagicLinks } from './sign-in/magic-link.service.ts';
import { createAccessTokens } from './tokens/access-token.ts';
import { installPersonGuard } from './tokens/guards.ts';
import { introspectRoutes } from './tokens/introspect.routes.ts';
import { createIntrospector } from './tokens/introspect.service.ts';
import { revokeRoutes } from './tokens/revoke.routes.ts';
import { createRevoker } from './tokens/revoke.service.ts';
import { wellKnownRoutes } from './tokens/well-known.routes.ts';

export interface AppParts {
  readonly config: Config;
  readonly resources: Resources;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly authMetrics: AuthMetrics;
  readonly readiness: Readiness;
  /** Milliseconds since 1970; tests move it. */
  readonly now?: () => number;
  /** Milliseconds; tests shorten it. */
  readonly readerPatienceMs?: number | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers for as long as somebody listens. */
    streams?: boolean;
  }
}

/** Whoever asks hears within three seconds, also when a part we depend on never answers. */
const handlerTimeout = 2_900;

export async function createApp({
  config,
  resources,
  log,
  metrics,
  authMetrics,
  readiness,
  now,
  readerPatienceMs,
}: AppParts): Promise<Server> {
  const { stores, keyRing, keyRotation, counters, countryOf, queues, mailer } = resources;
  const { AUTH_URL: publicUrl, WEB_URL: webUrl, CORS_ORIGINS: webOrigins } = config;
  const ownOrigins = [publicUrl, ...webOrigins];
  const refreshCookie = createCookie({ name: 'refresh_token', publicUrl });
  const attemptCookie = createCookie({ name: 'sign_in_attempt', publicUrl });
  const secondFactorCookie = createCookie({ name: 'second_factor', publicUrl });
  const answerSignIn = createSignInAnswer({ refreshCookie, secondFactorCookie });

  const accessTokens = createAccessTokens({
    keyRing,
    issuer: publicUrl,
    lifetime: config.ACCESS_TOKEN_TTL,
    ...(now ? { now } : {}),
  });
  const announceEnds = createAnnouncer({ topics: queues.topics, metrics: authMetrics, log });
  const sessions = createSessions({
    store: stores.sessions,
    accessTokens,
    announceEnds,
    countryOf,
    mailer,
    metrics: authMetrics,
    log,
    idleLifetime: config.REFRESH_TOKEN_TTL,
    maximumAge: config.SESSION_MAX_AGE,
    signInUrl: `${webUrl}/sign-in`,
  });
  const entrance = createEntrance({
    stores,
    sessions,
    metrics: authMetrics,
    adminEmail: config.ALVA_INIT_ADMIN_EMAIL,
  });
  const magicLinks = createMagicLinks({
    stores,
    entrance,
    mailer,
    codeKey: deriveKey(config.KEY_ENCRYPTION_KEY, 'alva sign-in codes'),
    webUrl,
    redirectOrigins: webOrigins,
    lifetime: config.MAGIC_LINK_TTL,
    recipientLimit: config.LINK_LIMIT_PER_RECIPIENT,
    codeLimits: { perAttempt: config.CODE_TRIES_PER_ATTEMPT, perRecipient: config.CODE_LIMIT_PER_RECIPIENT },
  });

  const refusals = createRefusals({ store: stores.audit, metrics: authMetrics, log, ...(now ? { now } : {}) });

  const app = createServer({ name: 'auth', publicUrl, config, logger: log, metrics, readerPatienceMs });
  app.addHook('onRoute', (route) => {
    if (!route.config?.streams) route.handlerTimeout ??= handlerTimeout;
  });
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'", cacheControl: 'no-store' });
  await installCookies(app);
  recordLimits(app, refusals);
  app.addHook('onClose', () => refusals.settled());
  await installCors(app, { origins: webOrigins });
  await installRateLimits(app, { counters, metrics, ...config.REQUEST_LIMIT });
  await installOpenApi(app, {
    title: 'Alva auth',
    version,
    description: 'People, sessions and tokens.',
    publicUrl,
    tags: [
      { name: 'sign-in', description: 'Ways in' },
      { name: 'sessions', description: 'Renewing and ending them' },
      { name: 'account', description: 'The signed-in person' },
      { name: 'services', description: 'For services that verify tokens' },
      { name: 'keys', description: 'What others need to verify tokens' },
      { name: 'administration', description: 'For people with the role admin' },
      { name: 'health', description: 'For supervisors and load balancers' },
    ],
    securitySchemes: {
      refreshCookie: { type: 'apiKey', in: 'cookie', name: refreshCookie.name },
      client: { type: 'http', scheme: 'basic', description: 'Credentials of a service, made by `npm run clients`' },
    },
  });
  installHealth(app, { readiness });

  await app.register(wellKnownRoutes, { keyRing, issuer: publicUrl });
  await app.register(magicLinkRoutes, {
    magicLinks,
    attemptCookie,
    answerSignIn,
    sends: createLimiter({ counters, name: limitNames.linksByAddress, ...config.LINK_LIMIT_PER_ADDRESS }),
  });
  await app.register(sessionRoutes, {
    sessions,
    refreshCookie,
    ownOrigins,
    failures: createLimiter({ counters, name: limitNames.failedRenewals, ...config.REFRESH_FAILURE_LIMIT }),
  });
  await app.register(revocationRoutes, {
    revocations: createRevocations({
      store: stores.revocations,
      topics: queues.topics,
      tokenLifetime: config.ACCESS_TOKEN_TTL,
    }),
    streamsPerAddress: config.REVOCATION_STREAMS,
    onStreams: (open) => authMetrics.setRevocationStreams(open),
  });
  await app.register(async (services) => {
    const failures = createLimiter({ counters, name: limitNames.failedClients, ...config.CLIENT_FAILURE_LIMIT });
    acceptOnlyForms(services);
    recordRefusedClients(services, refusals);
    installClientGuard(services, { clients: createClients({ store: stores.clients }), ownOrigins, failures });
    const store = stores.introspect;
    const introspect = createIntrospector({ accessTokens, sessions: stores.sessions, store, issuer: publicUrl, now });
    await services.register(introspectRoutes, { introspect });
    const revoke = createRevoker({ accessTokens, store: stores.revoke, announceEnds });
    await services.register(revokeRoutes, { revoke });
  });
  await app.register(async (signedIn) => {
    installPersonGuard(signedIn, { accessTokens, sessions: stores.sessions });
    await signedIn.register(meRoutes);
    await signedIn.register(ownSessionRoutes, { sessions, refreshCookie });
    await signedIn.register(adminRoutes, {
      userAdministration: createUserAdministration({ stores, sessions, announceEnds }),
      auditTrail: createAuditTrail({ store: stores.audit }),
      refusals,
      keyRotation,
      keyRing,
    });
  });
  if (config.MAIL_TRANSPORT === 'inbox') await app.register(inboxRoutes, { inbox: stores.inbox });
  return app;
}

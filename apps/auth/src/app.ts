import {
  createLimiter,
  createServer,
  installCors,
  installHealth,
  installOpenApi,
  installRateLimits,
  installSecurityHeaders,
  type Metrics,
  type Readiness,
  type Server,
} from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { deletionLinkRoutes, deletionRoutes } from './accounts/deletion.routes.ts';
import { emailChangeLinkRoutes, emailChangeRoutes } from './accounts/email-change.routes.ts';
import { exportRoutes } from './accounts/exports.routes.ts';
import { meRoutes } from './accounts/me.routes.ts';
import { adminRoutes } from './admin/admin.routes.ts';
import { recordLimits, recordRefusedClients } from './audit/refusal-hooks.ts';
import { installClientGuard } from './clients/client-guard.ts';
import { acceptOnlyForms } from './clients/form-bodies.ts';
import { type Config } from './config.ts';
import { inboxRoutes } from './dev-inbox/inbox.routes.ts';
import { sampleRoutes } from './dev-inbox/samples.routes.ts';
import { createSignInAnswer } from './http/answer-sign-in.ts';
import { createAuthCookies } from './http/auth-cookies.ts';
import { installCookies } from './http/cookies.ts';
import { describeApi } from './http/describe-api.ts';
import { createSignInRedirect } from './http/redirect-sign-in.ts';
import { limitNames, type LimitName } from './limits.ts';
import { resendWebhookRoutes } from './mail/webhooks/resend-webhook.routes.ts';
import { type AuthMetrics } from './metrics.ts';
import { mfaVerifyRoutes } from './mfa/mfa-verify.routes.ts';
import { mfaRoutes } from './mfa/mfa.routes.ts';
import { federationRoutes } from './oauth/federation.routes.ts';
import { identityRoutes } from './oauth/identities.routes.ts';
import { passkeySignInRoutes } from './passkeys/passkey-sign-in.routes.ts';
import { passkeyRoutes } from './passkeys/passkeys.routes.ts';
import { ownPasswordRoutes } from './passwords/own-password.routes.ts';
import { passwordRoutes } from './passwords/password.routes.ts';
import { type Resources } from './resources.ts';
import { createServices } from './services.ts';
import { ownSessionRoutes } from './sessions/own-sessions.routes.ts';
import { revocationRoutes } from './sessions/revocations.routes.ts';
import { sessionRoutes } from './sessions/sessions.routes.ts';
import { attemptRoutes } from './sign-in/attempts.routes.ts';
import { magicLinkRoutes } from './sign-in/magic-link.routes.ts';
import { stepUpRoutes } from './step-up/step-up.routes.ts';
import { installPersonGuard } from './tokens/guards.ts';
import { introspectRoutes } from './tokens/introspect.routes.ts';
import { revokeRoutes } from './tokens/revoke.routes.ts';
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
  const { AUTH_URL: publicUrl, WEB_URL: webUrl, CORS_ORIGINS: webOrigins } = config;
  const { stores, keyRing, keyRotation, counters } = resources;
  const cookies = createAuthCookies(publicUrl);
  const services = createServices({ config, resources, cookies, log, metrics: authMetrics, now });

  const app = createServer({ name: 'auth', publicUrl, config, logger: log, metrics, readerPatienceMs });
  app.addHook('onRoute', (route) => {
    if (!route.config?.streams) route.handlerTimeout ??= handlerTimeout;
  });
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'", cacheControl: 'no-store' });
  await installCookies(app);
  recordLimits(app, services.refusals);
  app.addHook('onClose', () => services.settled());
  await installCors(app, { origins: webOrigins });
  await installRateLimits(app, { counters, metrics, ...config.REQUEST_LIMIT });
  await installOpenApi(app, describeApi(publicUrl, cookies));
  installHealth(app, { readiness });

  const ownOrigins = [publicUrl, ...webOrigins];
  const { attempt: attemptCookie, secondFactor: secondFactorCookie, provider: browserCookies } = cookies;
  const answerSignIn = createSignInAnswer({ refreshCookie: cookies.refresh, secondFactorCookie });
  const limiter = (name: LimitName, limit: Config['REQUEST_LIMIT']) =>
    createLimiter({ counters, name: limitNames[name], ...limit });
  const sends = limiter('linksByAddress', config.LINK_LIMIT_PER_ADDRESS);
  const failedLogins = limiter('failedLogins', config.LOGIN_FAILURE_LIMIT);
  const providerBegins = limiter('providersByAddress', config.PROVIDER_LIMIT_PER_ADDRESS);

  await app.register(wellKnownRoutes, { keyRing, issuer: publicUrl });

  // Ways in
  await app.register(magicLinkRoutes, { magicLinks: services.magicLinks, attemptCookie, answerSignIn, sends });
  const { login, registrations, resets, verification, federation, challenges } = services;
  await app.register(passwordRoutes, {
    ...{ login, registrations, resets, verification, attemptCookie, answerSignIn, sends },
    browserCookie: cookies.confirmation,
    failures: failedLogins,
  });
  await app.register(attemptRoutes, { attempts: services.attempts, attemptCookie, answerSignIn, ownOrigins });
  await app.register(federationRoutes, {
    ...{ federation, browserCookies, ownOrigins, webUrl },
    redirectSignIn: createSignInRedirect({ refreshCookie: cookies.refresh, secondFactorCookie, webUrl }),
    begins: providerBegins,
  });
  const ofBrowser = { secondFactorCookie, answerSignIn, ownOrigins };
  await app.register(mfaVerifyRoutes, { secondFactorSignIn: services.secondFactorSignIn, ...ofBrowser });
  await app.register(passkeySignInRoutes, { passkeySignIn: services.passkeySignIn, challenges, ...ofBrowser });

  // What mails lead to, also without a session
  const { emailChanges, deletions, sessions } = services;
  await app.register(emailChangeLinkRoutes, { emailChanges });
  await app.register(deletionLinkRoutes, { deletions });

  // Sessions, and what verifiers have to know of them
  await app.register(sessionRoutes, {
    ...{ sessions, refreshCookie: cookies.refresh, ownOrigins },
    failures: limiter('failedRenewals', config.REFRESH_FAILURE_LIMIT),
  });
  await app.register(revocationRoutes, {
    revocations: services.revocations,
    streamsPerAddress: config.REVOCATION_STREAMS,
    onStreams: (open) => authMetrics.setRevocationStreams(open),
  });
  await app.register(async (clients) => {
    acceptOnlyForms(clients);
    recordRefusedClients(clients, services.refusals);
    const failures = limiter('failedClients', config.CLIENT_FAILURE_LIMIT);
    installClientGuard(clients, { clients: services.clients, ownOrigins, failures });
    await clients.register(introspectRoutes, { introspect: services.introspect });
    await clients.register(revokeRoutes, { revoke: services.revoke });
  });

  if (config.RESEND_WEBHOOK_SECRET)
    await app.register(resendWebhookRoutes, {
      secrets: config.RESEND_WEBHOOK_SECRET,
      store: stores.mails,
      metrics: authMetrics,
      failures: limiter('failedWebhooks', config.CLIENT_FAILURE_LIMIT),
      now,
    });

  // The signed-in person
  await app.register(async (signedIn) => {
    installPersonGuard(signedIn, { accessTokens: services.accessTokens, sessions: stores.sessions });
    await signedIn.register(ownPasswordRoutes, { ownPassword: services.ownPassword, failures: failedLogins, now });
    await signedIn.register(meRoutes, { users: stores.users, emailChanges });
    await signedIn.register(emailChangeRoutes, { emailChanges, now });
    await signedIn.register(exportRoutes, { exports: services.exports, now });
    await signedIn.register(deletionRoutes, { deletions, refreshCookie: cookies.refresh, now });
    await signedIn.register(ownSessionRoutes, { sessions, refreshCookie: cookies.refresh });
    await signedIn.register(identityRoutes, {
      ...{ identities: services.identities, federation, browserCookies, now },
      begins: providerBegins,
    });
    await signedIn.register(stepUpRoutes, { stepUp: services.stepUp, challenges });
    await signedIn.register(passkeyRoutes, { passkeys: services.passkeys, challenges, now });
    await signedIn.register(mfaRoutes, { secondFactor: services.secondFactor, now });
    const { userAdministration, auditTrail, mailRecords, refusals } = services;
    await signedIn.register(adminRoutes, {
      ...{ userAdministration, auditTrail, mailRecords, refusals, keyRotation, keyRing, now },
    });
  });

  if (config.MAIL_TRANSPORT.includes('inbox')) {
    await app.register(inboxRoutes, { inbox: stores.inbox });
    await app.register(sampleRoutes);
  }
  return app;
}

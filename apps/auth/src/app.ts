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
import { deletionLinkRoutes, deletionRoutes } from './accounts/deletion.routes.ts';
import { createDeletions } from './accounts/deletion.service.ts';
import { emailChangeLinkRoutes, emailChangeRoutes } from './accounts/email-change.routes.ts';
import { createEmailChanges } from './accounts/email-change.service.ts';
import { exportRoutes } from './accounts/exports.routes.ts';
import { createExports } from './accounts/exports.service.ts';
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
import { sampleRoutes } from './dev-inbox/samples.routes.ts';
import { createSignInAnswer } from './http/answer-sign-in.ts';
import { createCookie, installCookies } from './http/cookies.ts';
import { createSignInRedirect } from './http/redirect-sign-in.ts';
import { limitNames } from './limits.ts';
import { createMailRecords } from './mail/mails.service.ts';
import { resendWebhookRoutes } from './mail/webhooks/resend-webhook.routes.ts';
import { type AuthMetrics } from './metrics.ts';
import { createBrowserCookies } from './oauth/browser-cookies.ts';
import { federationRoutes } from './oauth/federation.routes.ts';
import { createFederation } from './oauth/federation.service.ts';
import { identityRoutes } from './oauth/identities.routes.ts';
import { createIdentities } from './oauth/identities.service.ts';
import { type Resources } from './resources.ts';
import { deriveKey } from './secrets/seal.ts';
import { ownSessionRoutes } from './sessions/own-sessions.routes.ts';
import { revocationRoutes } from './sessions/revocations.routes.ts';
import { createRevocations } from './sessions/revocations.service.ts';
import { sessionRoutes } from './sessions/sessions.routes.ts';
import { createSessions } from './sessions/sessions.service.ts';
import { attemptRoutes } from './sign-in/attempts.routes.ts';
import { createAttempts } from './sign-in/attempts.service.ts';
import { createEntrance } from './sign-in/entrance.ts';
import { magicLinkRoutes } from './sign-in/magic-link.routes.ts';
import { createMagicLinks } from './sign-in/magic-link.service.ts';
import { createLogin } from './passwords/login.service.ts';
import { ownPasswordRoutes } from './passwords/own-password.routes.ts';
import { createOwnPassword } from './passwords/own-password.service.ts';
import { createPasswordNotices } from './passwords/password-notices.ts';
import { passwordRoutes } from './passwords/password.routes.ts';
import { createRegistrations } from './passwords/registration.service.ts';
import { createPasswordResets } from './passwords/reset.service.ts';
import { createVerification } from './passwords/verification.service.ts';
import { createNewDeviceNotices } from './sign-in/new-devices.ts';
import { createAccessTokens } from './tokens/access-token.ts';
import { installPersonGuard, requireRecent } from './tokens/guards.ts';
import { createNotifier } from './mail/notifier.ts';
import { mfaVerifyRoutes } from './mfa/mfa-verify.routes.ts';
import { mfaRoutes } from './mfa/mfa.routes.ts';
import { createSecondFactorCodes } from './mfa/second-factor-codes.ts';
import { createSecondFactorSignIn } from './mfa/second-factor-sign-in.service.ts';
import { createSecondFactorSettings } from './mfa/second-factor.service.ts';
import { createTotpSeal } from './mfa/totp-seal.ts';
import { createPasskeyChallenges } from './passkeys/passkey-challenges.ts';
import { passkeySignInRoutes } from './passkeys/passkey-sign-in.routes.ts';
import { createPasskeySignIn } from './passkeys/passkey-sign-in.service.ts';
import { passkeyRoutes } from './passkeys/passkeys.routes.ts';
import { createPasskeys } from './passkeys/passkeys.service.ts';
import { stepUpRoutes } from './step-up/step-up.routes.ts';
import { createStepUp } from './step-up/step-up.service.ts';
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
  const { stores, keyRing, keyRotation, counters, countryOf, queues, mailer, hasher, hashRecipient, providers } =
    resources;
  const { announceEnds } = resources;
  const { AUTH_URL: publicUrl, WEB_URL: webUrl, CORS_ORIGINS: webOrigins } = config;
  const ownOrigins = [publicUrl, ...webOrigins];
  const refreshCookie = createCookie({ name: 'refresh_token', publicUrl });
  const attemptCookie = createCookie({ name: 'sign_in_attempt', publicUrl, isOfHostAlone: true });
  const confirmationCookie = createCookie({ name: 'email_confirmation', publicUrl, isOfHostAlone: true });
  const secondFactorCookie = createCookie({ name: 'second_factor', publicUrl, isOfHostAlone: true });
  const answerSignIn = createSignInAnswer({ refreshCookie, secondFactorCookie });
  const browserCookies = createBrowserCookies(publicUrl);

  const accessTokens = createAccessTokens({
    keyRing,
    issuer: publicUrl,
    lifetime: config.ACCESS_TOKEN_TTL,
    ...(now ? { now } : {}),
  });
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
  const newDevices = createNewDeviceNotices({ mailer, countryOf, log, sessionsUrl: `${webUrl}/settings/sessions` });
  const entrance = createEntrance({
    stores,
    sessions,
    announceEnds,
    metrics: authMetrics,
    adminEmail: config.ALVA_INIT_ADMIN_EMAIL,
    newDevices,
  });
  const magicLinks = createMagicLinks({
    stores,
    entrance,
    mailer,
    codeKey: deriveKey(config.KEY_ENCRYPTION_KEY, 'alva sign-in codes'),
    countryOf,
    webUrl,
    redirectOrigins: webOrigins,
    lifetime: config.MAGIC_LINK_TTL,
    recipientLimit: config.LINK_LIMIT_PER_RECIPIENT,
    codeLimits: { perAttempt: config.CODE_TRIES_PER_ATTEMPT, perRecipient: config.CODE_LIMIT_PER_RECIPIENT },
  });

  const attempts = createAttempts({
    stores,
    entrance,
    metrics: authMetrics,
    numberLimits: { perAttempt: config.NUMBER_TRIES_PER_ATTEMPT, perRecipient: config.CODE_LIMIT_PER_RECIPIENT },
  });
  const recipientLimit = config.LINK_LIMIT_PER_RECIPIENT;
  const verification = createVerification({
    stores,
    entrance,
    mailer,
    browserCookie: confirmationCookie,
    webUrl,
    recipientLimit,
  });
  const login = createLogin({
    stores,
    entrance,
    hasher,
    verification,
    metrics: authMetrics,
    log,
    redirectOrigins: webOrigins,
    tries: config.PASSWORD_LIMIT_PER_ACCOUNT,
  });
  const notices = createPasswordNotices({ mailer, log, webUrl });
  const resets = createPasswordResets({ stores, hasher, mailer, announceEnds, notices, webUrl, recipientLimit });
  const federation = createFederation({
    ...{ providers, stores, entrance, mailer, log, webUrl, metrics: authMetrics, redirectOrigins: webOrigins },
    key: deriveKey(config.KEY_ENCRYPTION_KEY, 'alva provider attempts'),
  });
  const providerBegins = createLimiter({
    counters,
    name: limitNames.providersByAddress,
    ...config.PROVIDER_LIMIT_PER_ADDRESS,
  });
  const notify = createNotifier({ mailer, log });
  const securityUrl = `${webUrl}/settings/security`;
  const totpSeal = createTotpSeal(config.KEY_ENCRYPTION_KEY);
  const codes = createSecondFactorCodes({
    totpSeal,
    limits: {
      perChallenge: config.SECOND_FACTOR_TRIES_PER_CHALLENGE,
      perAccount: { short: config.SECOND_FACTOR_LIMIT_PER_ACCOUNT, long: config.SECOND_FACTOR_LONG_LIMIT },
    },
    metrics: authMetrics,
    log,
    now: now ?? Date.now,
  });
  const relyingParty = { id: config.PASSKEY_DOMAIN, origins: webOrigins };
  const challenges = createPasskeyChallenges({
    keyEncryptionKey: config.KEY_ENCRYPTION_KEY,
    cookie: createCookie({ name: 'passkey_challenge', publicUrl, isOfHostAlone: true }),
    now: now ?? Date.now,
  });
  const emailChanges = createEmailChanges({
    stores,
    announceEnds,
    mailer,
    metrics: authMetrics,
    log,
    webUrl,
    accountLimit: config.EMAIL_CHANGE_LIMIT,
    recipientLimit: config.LINK_LIMIT_PER_RECIPIENT,
  });
  const deletions = createDeletions({
    stores,
    announceEnds,
    mailer,
    metrics: authMetrics,
    webUrl,
    grace: config.ACCOUNT_DELETION_GRACE,
  });
  const exports = createExports({
    store: stores.exports,
    queue: queues.queue('exports'),
    key: resources.exportKey,
    limit: config.EXPORT_LIMIT,
    log,
  });

  const refusals = createRefusals({ store: stores.audit, metrics: authMetrics, log, ...(now ? { now } : {}) });

  const app = createServer({ name: 'auth', publicUrl, config, logger: log, metrics, readerPatienceMs });
  app.addHook('onRoute', (route) => {
    if (!route.config?.streams) route.handlerTimeout ??= handlerTimeout;
  });
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'", cacheControl: 'no-store' });
  await installCookies(app);
  recordLimits(app, refusals);
  app.addHook('onClose', () => Promise.all([refusals.settled(), login.settled(), newDevices.settled()]));
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
      attemptCookie: { type: 'apiKey', in: 'cookie', name: attemptCookie.name },
      confirmationCookie: { type: 'apiKey', in: 'cookie', name: confirmationCookie.name },
      secondFactorCookie: { type: 'apiKey', in: 'cookie', name: secondFactorCookie.name },
      passkeyCookie: { type: 'apiKey', in: 'cookie', name: challenges.cookie.name },
      providerCookie: { type: 'apiKey', in: 'cookie', name: browserCookies.of({ answersBy: 'query' }).name },
      providerFormCookie: { type: 'apiKey', in: 'cookie', name: browserCookies.of({ answersBy: 'form_post' }).name },
      client: { type: 'http', scheme: 'basic', description: 'Credentials of a service, made by `npm run clients`' },
    },
  });
  installHealth(app, { readiness });

  await app.register(wellKnownRoutes, { keyRing, issuer: publicUrl });
  const sends = createLimiter({ counters, name: limitNames.linksByAddress, ...config.LINK_LIMIT_PER_ADDRESS });
  await app.register(magicLinkRoutes, { magicLinks, attemptCookie, answerSignIn, sends });
  const failedLogins = createLimiter({ counters, name: limitNames.failedLogins, ...config.LOGIN_FAILURE_LIMIT });
  await app.register(passwordRoutes, {
    login,
    registrations: createRegistrations({ magicLinks, hasher }),
    resets,
    verification,
    attemptCookie,
    browserCookie: confirmationCookie,
    answerSignIn,
    sends,
    failures: failedLogins,
  });
  await app.register(attemptRoutes, { attempts, attemptCookie, answerSignIn, ownOrigins });
  await app.register(federationRoutes, {
    ...{ federation, browserCookies, ownOrigins, webUrl },
    redirectSignIn: createSignInRedirect({ refreshCookie, secondFactorCookie, webUrl }),
    begins: providerBegins,
  });
  await app.register(mfaVerifyRoutes, {
    secondFactorSignIn: createSecondFactorSignIn({ stores, entrance, codes, notify, securityUrl }),
    secondFactorCookie,
    answerSignIn,
    ownOrigins,
  });
  await app.register(passkeySignInRoutes, {
    passkeySignIn: createPasskeySignIn({ stores, entrance, relyingParty }),
    challenges,
    secondFactorCookie,
    answerSignIn,
    ownOrigins,
  });
  await app.register(emailChangeLinkRoutes, { emailChanges });
  await app.register(deletionLinkRoutes, { deletions });
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
  const { RESEND_WEBHOOK_SECRET: secrets } = config;
  if (secrets) {
    const failures = createLimiter({ counters, name: limitNames.failedWebhooks, ...config.CLIENT_FAILURE_LIMIT });
    await app.register(resendWebhookRoutes, { secrets, store: stores.mails, metrics: authMetrics, failures, now });
  }
  await app.register(async (signedIn) => {
    installPersonGuard(signedIn, { accessTokens, sessions: stores.sessions });
    await signedIn.register(ownPasswordRoutes, {
      ownPassword: createOwnPassword({
        stores,
        hasher,
        login,
        announceEnds,
        notices,
        requireRecent: (caller) => requireRecent(caller, now),
      }),
      failures: failedLogins,
    });
    await signedIn.register(meRoutes, { users: stores.users, emailChanges });
    await signedIn.register(emailChangeRoutes, { emailChanges, now });
    await signedIn.register(exportRoutes, { exports, now });
    await signedIn.register(deletionRoutes, { deletions, refreshCookie, now });
    await signedIn.register(ownSessionRoutes, { sessions, refreshCookie });
    await signedIn.register(identityRoutes, {
      identities: createIdentities({ stores, providers, notify, securityUrl }),
      ...{ federation, browserCookies, now },
      begins: providerBegins,
    });
    await signedIn.register(stepUpRoutes, {
      stepUp: createStepUp({
        ...{ stores, sessions, codes, login, relyingParty, mailer, notify, securityUrl, metrics: authMetrics },
        codeKey: deriveKey(config.KEY_ENCRYPTION_KEY, 'alva step-up codes'),
        mailLimit: config.LINK_LIMIT_PER_RECIPIENT,
        triesPerCode: config.CODE_TRIES_PER_ATTEMPT,
      }),
      challenges,
    });
    const passkeys = createPasskeys({ stores, relyingParty, notify, securityUrl });
    await signedIn.register(passkeyRoutes, { passkeys, challenges, now });
    await signedIn.register(mfaRoutes, {
      secondFactor: createSecondFactorSettings({ stores, totpSeal, codes, announceEnds, notify, securityUrl }),
      now,
    });
    await signedIn.register(adminRoutes, {
      userAdministration: createUserAdministration({
        ...{ stores, sessions, announceEnds, notify },
        signInUrl: `${webUrl}/sign-in`,
      }),
      now,
      auditTrail: createAuditTrail({ store: stores.audit }),
      mailRecords: createMailRecords({ store: stores.mails, hashRecipient }),
      refusals,
      keyRotation,
      keyRing,
    });
  });
  if (config.MAIL_TRANSPORT.includes('inbox')) {
    await app.register(inboxRoutes, { inbox: stores.inbox });
    await app.register(sampleRoutes);
  }
  return app;
}

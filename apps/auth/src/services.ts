import { type FastifyBaseLogger } from 'fastify';
import { createDeletions } from './accounts/deletion.service.ts';
import { createEmailChanges } from './accounts/email-change.service.ts';
import { createExports } from './accounts/exports.service.ts';
import { createUserAdministration } from './admin/users.service.ts';
import { createAuditTrail } from './audit/audit.service.ts';
import { createRefusals } from './audit/refusals.service.ts';
import { createClients } from './clients/clients.service.ts';
import { type Config } from './config.ts';
import { type AuthCookies } from './http/auth-cookies.ts';

import { createMailRecords } from './mail/mails.service.ts';
import { type AuthMetrics } from './metrics.ts';
import { createSecondFactorCodes } from './mfa/second-factor-codes.ts';
import { createSecondFactorSignIn } from './mfa/second-factor-sign-in.service.ts';
import { createSecondFactorSettings } from './mfa/second-factor.service.ts';
import { createTotpSeal } from './mfa/totp-seal.ts';
import { createFederation } from './oauth/federation.service.ts';
import { createIdentities } from './oauth/identities.service.ts';
import { createPasskeyChallenges } from './passkeys/passkey-challenges.ts';
import { createPasskeySignIn } from './passkeys/passkey-sign-in.service.ts';
import { createPasskeys } from './passkeys/passkeys.service.ts';
import { createLogin } from './passwords/login.service.ts';
import { createOwnPassword } from './passwords/own-password.service.ts';
import { createRegistrations } from './passwords/registration.service.ts';
import { createPasswordResets } from './passwords/reset.service.ts';
import { createVerification } from './passwords/verification.service.ts';
import { type Resources } from './resources.ts';
import { deriveKey } from './secrets/seal.ts';
import { createRevocations } from './sessions/revocations.service.ts';
import { createSessions } from './sessions/sessions.service.ts';
import { createAttempts } from './sign-in/attempts.service.ts';
import { createEntrance } from './sign-in/entrance.ts';
import { createMagicLinks } from './sign-in/magic-link.service.ts';
import { createNewDeviceNotices } from './sign-in/new-devices.ts';
import { createStepUp } from './step-up/step-up.service.ts';
import { createAccessTokens } from './tokens/access-token.ts';
import { createIntrospector } from './tokens/introspect.service.ts';
import { createRevoker } from './tokens/revoke.service.ts';

export interface ServiceParts {
  readonly config: Config;
  readonly resources: Resources;
  readonly cookies: AuthCookies;
  readonly log: FastifyBaseLogger;
  readonly metrics: AuthMetrics;
  /** Milliseconds since 1970; tests move it. */
  readonly now?: (() => number) | undefined;
}

export type Services = ReturnType<typeof createServices>;

/** Everything that can be asked of auth, built on what is open. */
export function createServices({ config, resources, cookies, log, metrics, now = Date.now }: ServiceParts) {
  const { stores, keyRing, countryOf, queues, mailer, notify, hasher, hashRecipient, providers, announceEnds } =
    resources;
  const { AUTH_URL: issuer, WEB_URL: webUrl, CORS_ORIGINS: redirectOrigins, KEY_ENCRYPTION_KEY: key } = config;
  const recipientLimit = config.LINK_LIMIT_PER_RECIPIENT;
  const signInUrl = `${webUrl}/sign-in`;
  const securityUrl = `${webUrl}/settings/security`;
  const relyingParty = { id: config.PASSKEY_DOMAIN, origins: redirectOrigins };

  const accessTokens = createAccessTokens({ keyRing, issuer, lifetime: config.ACCESS_TOKEN_TTL, now });
  const sessions = createSessions({
    store: stores.sessions,
    ...{ accessTokens, announceEnds, countryOf, mailer, metrics, log, signInUrl },
    idleLifetime: config.REFRESH_TOKEN_TTL,
    maximumAge: config.SESSION_MAX_AGE,
  });
  const newDevices = createNewDeviceNotices({ notify, countryOf, sessionsUrl: `${webUrl}/settings/sessions` });
  const adminEmail = config.ALVA_INIT_ADMIN_EMAIL;
  const entrance = createEntrance({ stores, sessions, announceEnds, metrics, adminEmail, newDevices });

  const magicLinks = createMagicLinks({
    ...{ stores, entrance, mailer, countryOf, webUrl, redirectOrigins, recipientLimit },
    codeKey: deriveKey(key, 'alva sign-in codes'),
    lifetime: config.MAGIC_LINK_TTL,
    codeLimits: { perAttempt: config.CODE_TRIES_PER_ATTEMPT, perRecipient: config.CODE_LIMIT_PER_RECIPIENT },
  });
  const attempts = createAttempts({
    ...{ stores, entrance, metrics },
    numberLimits: { perAttempt: config.NUMBER_TRIES_PER_ATTEMPT, perRecipient: config.CODE_LIMIT_PER_RECIPIENT },
  });

  const browserCookie = cookies.confirmation;
  const verification = createVerification({ stores, entrance, mailer, browserCookie, webUrl, recipientLimit });
  const login = createLogin({
    ...{ stores, entrance, hasher, verification, metrics, log, redirectOrigins },
    tries: config.PASSWORD_LIMIT_PER_ACCOUNT,
  });

  const federation = createFederation({
    ...{ providers, stores, entrance, notify, log, webUrl, metrics, redirectOrigins },
    key: deriveKey(key, 'alva provider attempts'),
  });

  const totpSeal = createTotpSeal(key);
  const codes = createSecondFactorCodes({
    ...{ totpSeal, metrics, log, now },
    limits: {
      perChallenge: config.SECOND_FACTOR_TRIES_PER_CHALLENGE,
      perAccount: { short: config.SECOND_FACTOR_LIMIT_PER_ACCOUNT, long: config.SECOND_FACTOR_LONG_LIMIT },
    },
  });
  const refusals = createRefusals({ store: stores.audit, metrics, log, now });

  return {
    accessTokens,
    sessions,
    revocations: createRevocations({
      store: stores.revocations,
      topics: queues.topics,
      tokenLifetime: config.ACCESS_TOKEN_TTL,
    }),

    magicLinks,
    attempts,
    login,
    registrations: createRegistrations({ magicLinks, hasher }),
    resets: createPasswordResets({ stores, hasher, mailer, announceEnds, notify, webUrl, recipientLimit }),
    verification,
    federation,
    secondFactorSignIn: createSecondFactorSignIn({ stores, entrance, codes, notify, securityUrl }),
    challenges: createPasskeyChallenges({ keyEncryptionKey: key, cookie: cookies.passkey, now }),
    passkeySignIn: createPasskeySignIn({ stores, entrance, relyingParty }),

    emailChanges: createEmailChanges({
      ...{ stores, announceEnds, mailer, notify, metrics, webUrl, recipientLimit },
      accountLimit: config.EMAIL_CHANGE_LIMIT,
    }),
    deletions: createDeletions({
      ...{ stores, announceEnds, mailer, metrics, webUrl },
      grace: config.ACCOUNT_DELETION_GRACE,
    }),
    exports: createExports({
      store: stores.exports,
      queue: queues.queue('exports'),
      key: resources.exportKey,
      limit: config.EXPORT_LIMIT,
      log,
    }),
    ownPassword: createOwnPassword({ stores, hasher, login, announceEnds, notify, webUrl }),
    identities: createIdentities({ stores, providers, notify, securityUrl }),
    passkeys: createPasskeys({ stores, relyingParty, notify, securityUrl }),
    secondFactor: createSecondFactorSettings({ stores, totpSeal, codes, announceEnds, notify, securityUrl }),
    stepUp: createStepUp({
      ...{ stores, sessions, codes, login, relyingParty, mailer, notify, securityUrl, metrics },
      codeKey: deriveKey(key, 'alva step-up codes'),
      mailLimit: recipientLimit,
      triesPerCode: config.CODE_TRIES_PER_ATTEMPT,
    }),

    clients: createClients({ store: stores.clients }),
    introspect: createIntrospector({
      ...{ accessTokens, issuer, now },
      sessions: stores.sessions,
      store: stores.introspect,
    }),
    revoke: createRevoker({ accessTokens, store: stores.revoke, announceEnds }),

    userAdministration: createUserAdministration({ stores, sessions, announceEnds, notify, signInUrl }),
    auditTrail: createAuditTrail({ store: stores.audit }),
    mailRecords: createMailRecords({ store: stores.mails, hashRecipient }),
    refusals,

    /** Resolves once what was begun beside the answers is done. */
    settled: () => Promise.all([refusals.settled(), login.settled(), newDevices.settled()]),
  };
}

import { createHmac } from 'node:crypto';
import { ProblemError, rateLimited } from '@alva/service-kit';
import {
  type AskingBrowser,
  type SendMagicLinkAnswer,
  type SendMagicLinkBody,
  type VerifyMagicLinkBody,
} from '@alva/validation';
import { type CountryOf } from '../http/countries.ts';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type Registration } from '../passwords/passwords.store.ts';
import { hashSecret, newCode, newNumber, newSecret } from '../secrets/secret.ts';
import { type Stores } from '../stores.ts';
import { attemptRefusals } from './attempt-refusals.ts';
import { type Entrance, type SignIn } from './entrance.ts';
import {
  type CodeLimits,
  type CodeTry,
  type Limit,
  type MagicLinksStore,
  type Redeemed,
  type RefusedLink,
} from './magic-links.store.ts';
import { proveAttempt } from './prove-attempt.ts';
import { refuseForeignRedirect } from './redirects.ts';
import { signInEmail } from './sign-in.email.ts';

export interface MagicLinksOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly mailer: Mailer;
  /** Hashes codes, which are too short to be hashed without one. */
  readonly codeKey: Uint8Array;
  readonly countryOf: CountryOf;
  readonly webUrl: string;
  readonly redirectOrigins: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  readonly recipientLimit: Limit;
  readonly codeLimits: CodeLimits;
}

/** Seconds after which asking again is offered, unless the recipient has had enough for now. */
const resendAfter = 30;

export interface SentLink {
  readonly answer: SendMagicLinkAnswer;
  /** For the cookie that makes this browser the one that asked. */
  readonly browserSecret: string;
}

export type MagicLinks = ReturnType<typeof createMagicLinks>;

export function createMagicLinks(options: MagicLinksOptions) {
  const { stores, entrance, mailer, lifetime, codeLimits } = options;

  /**
   * `registration` is what the account shall begin with, if this link makes it; without one it is what was registered before
   * in the browser that has `formerSecret`.
   * Never looks whether anyone has the address: what is done, and how long it takes, is the same for all.
   */
  async function send(
    { email, redirectTo }: SendMagicLinkBody,
    requester: Requester,
    { registration, formerSecret }: { registration?: Registration; formerSecret?: string | undefined } = {},
  ): Promise<SentLink> {
    refuse({ redirectTo });
    const [token, browserSecret, code] = [newSecret(), newSecret(), newCode()];
    const browserHash = hashSecret(browserSecret);
    const attempt = {
      email,
      browserHash,
      tokenHash: hashSecret(token),
      codeHash: hashCode(code, browserHash),
      number: newNumber(),
      redirectTo: redirectTo ?? null,
      lifetime,
    };
    const inserted = await stores.magicLinks.insert(attempt, options.recipientLimit, requester);
    if (!inserted) throw await recipientRefusal(email);
    const { id: attemptId, fullFor } = inserted;

    const link = `${options.webUrl}/sign-in/verify#token=${token}`;
    const device = describeDevice(requester.userAgent);
    const country = options.countryOf(requester.address);
    const mail = signInEmail({ to: email, link, code, lifetimeMinutes: Math.round(lifetime / 60), device, country });
    try {
      if (registration) await stores.passwords.register(attemptId, browserHash, registration);
      else if (formerSecret !== undefined)
        await stores.passwords.carryRegistration({ attemptId, browserHash, email }, hashSecret(formerSecret));
      await mailer.send(attemptId, mail, { lifetime });
    } catch (error) {
      // If even that fails, the attempt stays, counted and unmailed, until it expires: the first error is the one to tell.
      await stores.magicLinks.withdraw(attemptId, options.recipientLimit, requester).catch(() => undefined);
      throw error;
    }
    return { answer: { attemptId, expiresIn: lifetime, resendAfter: fullFor ?? resendAfter }, browserSecret };
  }

  /** Throws what `send` would, for whoever has work to do before it. */
  const refuse = ({ redirectTo }: Pick<SendMagicLinkBody, 'redirectTo'>) =>
    refuseForeignRedirect(redirectTo, options.redirectOrigins);

  async function redeem(
    body: VerifyMagicLinkBody,
    browserSecret: string | undefined,
    requester: Requester,
  ): Promise<SignIn> {
    const browserHash = browserSecret === undefined ? null : hashSecret(browserSecret);
    return 'token' in body
      ? entrance.observe('link', requester, () =>
          redeemLink(hashSecret(body.token), browserHash, body.confirm === 'here', requester),
        )
      : entrance.observe('code', requester, () => redeemCode(body, browserHash, requester));
  }

  async function redeemLink(tokenHash: Buffer, browserHash: Buffer | null, anywhere: boolean, requester: Requester) {
    const signIn = await signInWith(requester, browserHash, (store) =>
      store.redeemLink(tokenHash, browserHash, anywhere),
    );
    if (signIn) return signIn;
    const link = await stores.magicLinks.refuseLink(tokenHash, browserHash, requester);
    if (link?.state === 'live' && !link.sameBrowser) throw differentBrowser(link);
    throw new ProblemError(link ? attemptRefusals[link.state] : 'link-invalid');
  }

  async function redeemCode(
    body: { attemptId: string; code: string },
    browserHash: Buffer | null,
    requester: Requester,
  ) {
    if (!browserHash) throw new ProblemError('attempt-unknown');
    const codeTry = { attemptId: body.attemptId, browserHash, codeHash: hashCode(body.code, browserHash) };
    const outcome = { wasTried: false };
    const signIn = await signInWith(requester, browserHash, async (store) => {
      const redeemed = await store.redeemCode(codeTry, codeLimits, requester);
      outcome.wasTried = redeemed !== undefined;
      return redeemed?.isRight ? redeemed : undefined;
    });
    if (signIn) return signIn;
    throw outcome.wasTried ? new ProblemError('code-invalid') : await codeRefusal(codeTry, requester);
  }

  function signInWith(
    requester: Requester,
    browserHash: Buffer | null,
    spend: (store: MagicLinksStore) => Promise<Redeemed | undefined>,
  ): Promise<SignIn | undefined> {
    return entrance.enter(['email'], requester, async (inside) => {
      const redeemed = await spend(inside.magicLinks);
      return redeemed && proveAttempt(inside, redeemed, browserHash, requester);
    });
  }

  /** Says who asked. Told to whoever has the link, and so reads the mail: they could just as well sign in and see. */
  function differentBrowser({ id, email, address, userAgent, createdAt }: RefusedLink): ProblemError {
    const extensions: AskingBrowser = {
      attemptId: id,
      email,
      device: describeDevice(userAgent),
      country: options.countryOf(address),
      requestedAt: new Date(createdAt).toISOString(),
    };
    return new ProblemError('different-browser', { extensions: { ...extensions } });
  }

  async function recipientRefusal(email: string): Promise<ProblemError> {
    const resetsIn = await stores.magicLinks.findLinkLimit(email);
    return rateLimited(
      { limit: limitNames.linksByRecipient, max: options.recipientLimit.max, resetsIn },
      'This address was sent several mails just now. Use the newest one, or wait.',
    );
  }

  async function codeRefusal(codeTry: CodeTry, requester: Requester): Promise<ProblemError> {
    const found = await stores.magicLinks.refuseCode(codeTry, requester);
    if (!found) return new ProblemError('attempt-unknown');
    if (found.state !== 'live') return new ProblemError(attemptRefusals[found.state]);
    const { perAttempt, perRecipient } = codeLimits;
    return found.tries >= perAttempt
      ? rateLimited(
          { limit: limitNames.codesByAttempt, max: perAttempt, resetsIn: found.expiresIn },
          'This code was tried too often. Use the link in the mail, or ask for a new one.',
        )
      : rateLimited(
          { limit: limitNames.codesByRecipient, max: perRecipient.max, resetsIn: found.limitResetsIn ?? 1 },
          'Too many codes were tried for this address. Use the link in the mail.',
        );
  }

  function hashCode(code: string, browserHash: Buffer): Buffer {
    return createHmac('sha256', options.codeKey).update(browserHash).update(code).digest();
  }

  return { refuse, send, redeem };
}

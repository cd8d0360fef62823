import { ProblemError, rateLimited } from '@alva/service-kit';
import { type LoginBody } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type AuthMetrics } from '../metrics.ts';
import { type Entrance, type SignIn } from '../sign-in/entrance.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import { refuseForeignRedirect } from '../sign-in/redirects.ts';
import { type Stores } from '../stores.ts';
import { type Hasher } from './hasher.ts';
import { type Verification } from './verification.service.ts';

export interface LoginOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly hasher: Hasher;
  readonly verification: Verification;
  readonly metrics: Pick<AuthMetrics, 'countRehash'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  readonly redirectOrigins: readonly string[];
  readonly tries: Limit;
}

export type Login = ReturnType<typeof createLogin>;

export function createLogin(options: LoginOptions) {
  const { stores, entrance, hasher, verification, tries } = options;
  const rehashing = new Set<Promise<void>>();

  /**
   * Throws `credentials-invalid` for every address and password that do not belong together, whatever the reason;
   * `email-unverified` with the cookie to set, `account-disabled` and `second-factor-required` only to somebody who has shown
   * the password.
   */
  async function logIn({ email, password, redirectTo }: LoginBody, requester: Requester): Promise<SignIn> {
    refuseForeignRedirect(redirectTo, options.redirectOrigins);
    return entrance.observe('password', requester, async () => {
      const { userId, hash } = await takeTry(email);
      const { right, outdated } = await compare(email, password, hash);
      const signIn = right && userId !== null && hash !== null && (await enter(userId, hash));
      if (!signIn) {
        await stores.audit.insert(
          {
            event: 'sign-in-refused',
            userId: userId ?? undefined,
            detail: { way: 'password', reason: 'password-wrong' },
          },
          requester,
        );
        throw new ProblemError('credentials-invalid');
      }
      if (outdated) rehashLater(userId, hash, password);
      return signIn;
    });

    async function enter(userId: string, hash: string): Promise<SignIn | undefined> {
      try {
        return await entrance.enter(['pwd'], requester, async (inside) => {
          const account = await inside.passwords.confirm(userId, hash);
          if (!account) return undefined;
          if (!account.person.emailVerified && !account.disabled) throw new Unverified();
          await inside.passwords.giveTryBack(email);
          return { account, redirectTo: redirectTo ?? null };
        });
      } catch (error) {
        if (error instanceof Unverified) throw await verification.ask({ userId, email }, requester);
        throw error;
      }
    }
  }

  /** Throws 429 when the window of the account, or of the session, is full, also for the right password: else one could go on until it is right. */
  async function takeTry(email: string, sessionId?: string) {
    const found = await stores.passwords.takeTry(email, tries, sessionId);
    if (found.allowed) return found;
    throw rateLimited(
      { limit: limitNames.passwordsByAccount, max: tries.max, resetsIn: found.resetsIn ?? 1 },
      'Too many passwords were tried. Wait, or use a mailed link or code.',
    );
  }

  /** What could not be compared was no try. */
  async function compare(countedAs: string, password: string, hash: string | null) {
    try {
      return await hasher.compare(password, hash);
    } catch (error) {
      await stores.passwords.giveTryBack(countedAs).catch(() => undefined);
      throw error;
    }
  }

  /** Nobody waits for it, and where it fails the next sign-in does it. */
  function rehashLater(userId: string, oldHash: string, password: string): void {
    const done = rehash(userId, oldHash, password)
      .catch((err: unknown) => options.log.warn({ err }, 'a password could not be hashed anew'))
      .finally(() => rehashing.delete(done));
    rehashing.add(done);
  }

  async function rehash(userId: string, oldHash: string, password: string): Promise<void> {
    const newHash = await hasher.hashIfIdle(password);
    if (newHash !== undefined && (await stores.passwords.rehash(userId, oldHash, newHash)))
      options.metrics.countRehash();
  }

  return {
    logIn,

    /** Compares with the password of somebody who is signed in. Counted by their session: nobody outside of it uses up its tries. */
    async check(email: string, password: string, sessionId: string): Promise<boolean> {
      const { hash } = await takeTry(email, sessionId);
      const { right } = await compare(sessionId, password, hash);
      if (right) await stores.passwords.giveTryBack(sessionId);
      return right;
    },

    /** Resolves when what goes on after sign-ins is over. */
    async settled(): Promise<void> {
      await Promise.all(rehashing);
    },
  };
}

class Unverified extends Error {}

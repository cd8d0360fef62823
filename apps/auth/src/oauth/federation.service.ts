import { createHmac } from 'node:crypto';
import { ProblemError } from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret, isSecret, newSecret } from '../secrets/secret.ts';
import { type Entrance, type SignIn } from '../sign-in/entrance.ts';
import { refuseForeignRedirect } from '../sign-in/redirects.ts';
import { type Stores } from '../stores.ts';
import { providerConnectedEmail } from './provider.email.ts';
import { explainProviderFailure } from './provider-failure.ts';
import { type AttemptSecrets, type Provider, type ProvenIdentity, type Providers } from './provider.ts';

export interface FederationOptions {
  readonly providers: Providers;
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly metrics: Pick<AuthMetrics, 'countSignIn'>;
  readonly notify: Notify;
  readonly redirectOrigins: readonly string[];
  readonly log: FastifyBaseLogger;
  /** Makes nonces and PKCE verifiers. */
  readonly key: Uint8Array;
  readonly webUrl: string;
}

/** Seconds in which the browser has to be back. */
const attemptLifetime = 600;

export interface Beginning {
  readonly redirectTo?: string | undefined;
  /** The session that connects it; absent where somebody signs in. */
  readonly sessionId?: string;
  readonly known: string | undefined;
  readonly requestId: string;
}

export interface Begun {
  readonly url: URL;
  /** For the cookie that makes this browser the one that was sent. */
  readonly browserSecret: string;
  /** Seconds. */
  readonly lifetime: number;
}

/** Whose account a provider was connected to. */
interface Owner {
  readonly email: string;
  readonly userId: string;
}

export type Finished = { readonly kind: 'signed-in'; readonly signIn: SignIn } | { readonly kind: 'connected' };

/** An answer that came to nothing: by what error, and which page wants to know. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
  readonly wasConnecting: boolean;

  constructor(cause: unknown, wasConnecting: boolean) {
    super('an answer of a provider came to nothing', { cause });
    this.wasConnecting = wasConnecting;
  }
}

export type Federation = ReturnType<typeof createFederation>;

/** Signing in with an account at another provider, and connecting one in the settings. */
export function createFederation(options: FederationOptions) {
  const { providers, stores, entrance, metrics, notify, log, key, webUrl } = options;

  /** Throws `not-found` for a provider that is not offered here. */
  function find(name: string): Provider {
    const provider = providers.get(name);
    if (!provider) throw new ProblemError('not-found');
    return provider;
  }

  /**
   * Sends a browser to a provider. `known` is the cookie of an earlier attempt, which goes on: two tabs may be under way.
   * Throws `provider-unavailable`, and `validation-failed` for a place to go to that is not ours.
   */
  async function begin(provider: Provider, { redirectTo, sessionId, known, requestId }: Beginning): Promise<Begun> {
    refuseForeignRedirect(redirectTo, options.redirectOrigins);
    const [state, browserSecret] = [newSecret(), known ?? newSecret()];
    const url = await provider.begin(secretsOf(state, browserSecret)).catch((error: unknown) => {
      const { reason } = explainProviderFailure(error);
      log.warn({ provider: provider.name, reason, requestId }, 'a provider could not be asked to sign somebody in');
      if (sessionId === undefined) metrics.countSignIn(provider.name, 'unavailable');
      throw new ProblemError('provider-unavailable', { logged: { reason } });
    });
    await stores.providerAttempts.insert({
      ...{ stateHash: hashSecret(state), browserHash: hashSecret(browserSecret), provider: provider.name },
      ...{ redirectTo: redirectTo ?? null, sessionId: sessionId ?? null, lifetime: attemptLifetime },
    });
    return { url, browserSecret, lifetime: attemptLifetime };
  }

  /** Takes the answer that a browser brought back. Throws `AnswerRefused`. */
  async function finish(
    provider: Provider,
    answer: URLSearchParams,
    browserSecret: string | undefined,
    requester: Requester,
  ): Promise<Finished> {
    const [state, ...more] = answer.getAll('state');
    if (state === undefined || more.length > 0 || !isSecret(state) || browserSecret === undefined)
      throw new AnswerRefused(new ProblemError('attempt-unknown'), false);
    const browserHash = hashSecret(browserSecret);
    const attemptKey = { stateHash: hashSecret(state), browserHash, provider: provider.name };
    const attempt = await stores.providerAttempts.spend(attemptKey);
    if (!attempt) {
      const known = await stores.providerAttempts.explain(attemptKey);
      const problem = known ? (`provider-answer-${known.state}` as const) : 'attempt-unknown';
      throw new AnswerRefused(new ProblemError(problem), typeof known?.sessionId === 'string');
    }
    const { sessionId, redirectTo } = attempt;
    try {
      const secrets = secretsOf(state, browserSecret);
      if (sessionId !== null) {
        await connect(provider, await identify(provider, answer, secrets, requester), sessionId, requester);
        return { kind: 'connected' };
      }
      const signIn = await entrance.observe(provider.name, requester, async () =>
        signInAs(provider, await identify(provider, answer, secrets, requester), redirectTo, requester),
      );
      return { kind: 'signed-in', signIn };
    } catch (error) {
      throw new AnswerRefused(error, sessionId !== null);
    }
  }

  async function identify(
    provider: Provider,
    answer: URLSearchParams,
    secrets: AttemptSecrets,
    { requestId }: Requester,
  ): Promise<ProvenIdentity> {
    try {
      return await provider.finish(answer, secrets);
    } catch (error) {
      const { problem, reason, isOurs } = explainProviderFailure(error);
      const level = isOurs ? 'error' : problem === 'provider-unavailable' ? 'warn' : 'info';
      log[level]({ provider: provider.name, problem, reason, requestId }, 'nobody was signed in by a provider');
      throw new ProblemError(problem, { logged: { reason } });
    }
  }

  /**
   * By issuer and subject alone, once they are known here. The first time, an address finds or makes the account, if the
   * provider has verified it and is believed; one that nobody had verified so far is taken over like by a mailed link. From then
   * on the provider is connected, unless the account has a second factor.
   */
  async function signInAs(
    provider: Provider,
    identity: ProvenIdentity,
    redirectTo: string | null,
    requester: Requester,
  ): Promise<SignIn> {
    const outcome = { connectedTo: undefined as Owner | undefined };
    const signIn = await entrance.enter(['fed'], requester, async (inside) => {
      const known = await inside.identities.use(provider.name, identity);
      if (known) return { account: known, redirectTo };
      const { email } = identity;
      if (email === null || !provider.isBelievedOnAddresses) return undefined;
      const account = await inside.users.prove(email, requester);
      // The address is the first factor and no more: a lasting way in is added by whoever has shown the second, in the settings.
      if ((await inside.secondFactors.find(account.person.id))?.confirmedAt != null) return { account, redirectTo };
      const added = await inside.identities.add(account.person.id, provider.name, identity, requester);
      if (!added) {
        // Somebody was a moment faster: most likely the same person in another tab. Else nothing of this shall remain.
        const theirs = await inside.identities.use(provider.name, identity);
        if (theirs?.person.id !== account.person.id) throw new ProblemError('conflict');
      }
      // Whose account this very sign-in made needs no letter about it.
      if (added?.isOlder) outcome.connectedTo = { email, userId: account.person.id };
      return { account, redirectTo };
    });
    if (!signIn) {
      const detail = { way: provider.name, reason: 'address-unverified' };
      await stores.audit.insert({ event: 'sign-in-refused', detail }, requester);
      throw new ProblemError('address-unverified');
    }
    if (outcome.connectedTo !== undefined) await tell(outcome.connectedTo, provider, requester);
    return signIn;
  }

  async function connect(provider: Provider, identity: ProvenIdentity, sessionId: string, requester: Requester) {
    const connected = await stores.identities.connect(sessionId, provider.name, identity, requester);
    if (!connected) throw new ProblemError('provider-answer-late');
    const { userId, email, isNew, wasTheirs } = connected;
    if (!isNew && !wasTheirs) {
      log.info(
        { provider: provider.name, sub: userId, requestId: requester.requestId },
        'a provider’s account is connected to another account already',
      );
      throw new ProblemError('identity-taken');
    }
    if (isNew) await tell({ email, userId }, provider, requester);
  }

  async function tell({ email, userId }: Owner, { label }: Provider, { requestId }: Requester): Promise<void> {
    const mail = providerConnectedEmail({ to: email, label, settingsUrl: `${webUrl}/settings/security` });
    await notify(mail, { userId, requestId });
  }

  /** Unknown to whoever has only the database, or only the address of the browser, in which the state can be read. */
  function secretsOf(state: string, browserSecret: string): AttemptSecrets {
    const derive = (purpose: string) =>
      createHmac('sha256', key).update(`${purpose} ${state} ${browserSecret}`).digest('base64url');
    return { state, nonce: derive('nonce'), verifier: derive('verifier') };
  }

  return {
    find,
    isOffered: (name: string) => providers.has(name),
    begin,
    finish,
    list: () => [...providers.values()].map(({ name, label }) => ({ name, label })),
  };
}

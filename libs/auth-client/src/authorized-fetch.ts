import type { KnownSession } from './known-session.ts';
import { SessionUnavailable } from './session-unavailable.ts';

export interface AuthorizedFetchOptions {
  known: Pick<KnownSession, 'state' | 'tokens'>;
  /** Never rejects; the session's state tells what came of it. */
  renew: () => Promise<void>;
  /** The only places that may see a token. */
  origins: ReadonlySet<string>;
  fetch: typeof globalThis.fetch;
}

/**
 * `fetch` with the access token (RFC 6750 section 2.1). A 401 renews the token once and repeats the request once; a
 * second 401 is handed to the caller, like any other answer. Rejects with `SessionUnavailable` when the token has to be
 * renewed and auth does not answer, and with a `TypeError` for addresses outside `origins`.
 *
 * Nothing is renewed ahead of time: that would need clocks, which sleep and lie, to save one round trip per token.
 */
export function createAuthorizedFetch({ known, renew, origins, fetch }: AuthorizedFetchOptions) {
  function send(request: Request, accessToken: string | undefined): Promise<Response> {
    // The original keeps its body, so that the request can be repeated.
    const attempt = request.clone();
    if (accessToken !== undefined) attempt.headers.set('authorization', `Bearer ${accessToken}`);
    return fetch(attempt);
  }

  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    if (!origins.has(origin)) throw new TypeError(`access tokens are not sent to ${origin}`);

    if (isUncertain(known)) await renew();
    if (isUncertain(known)) throw new SessionUnavailable();
    const before = known.tokens();
    const response = await send(request, before?.accessToken);
    if (response.status !== 401 || before === undefined) return response;

    // Another request or another tab may have renewed it meanwhile.
    if (known.tokens()?.accessToken === before.accessToken) await renew();
    const after = known.tokens();
    if (after?.accessToken === before.accessToken) throw new SessionUnavailable();
    // Signed out, or another person signed in: what one person asked for is never done as another.
    if (after?.user.id !== before.user.id) return response;
    await response.body?.cancel();
    return send(request, after.accessToken);
  };
}

function isUncertain({ state }: AuthorizedFetchOptions['known']): boolean {
  const { status } = state.get();
  return status === 'restoring' || status === 'unavailable';
}

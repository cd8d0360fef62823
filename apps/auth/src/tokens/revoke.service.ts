import { type Client } from '../clients/clients.service.ts';
import { type Requester } from '../http/requester.ts';
import { hashSecret, isSecret } from '../secrets/secret.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type AccessTokens } from './access-token.ts';
import { type RevokeStore } from './revoke.store.ts';

export interface RevokerOptions {
  readonly accessTokens: AccessTokens;
  readonly store: RevokeStore;
  readonly announceEnds: AnnounceEnds;
}

export type Revoker = ReturnType<typeof createRevoker>;

/** Ends the session that a token belongs to (RFC 7009): of one chain no single link can be revoked. */
export function createRevoker({ accessTokens, store, announceEnds }: RevokerOptions) {
  async function end(token: string, client: Client, requester: Requester) {
    if (isSecret(token)) return store.endByToken(hashSecret(token), requester, client.id);
    const { claims } = await accessTokens.verify(token);
    return claims && store.endSession(claims.sid, requester, client.id);
  }

  /** A token that nobody knows, or that is over already, is no error: what was asked for is the case (section 2.2). */
  return async function revoke(token: string, client: Client, requester: Requester): Promise<void> {
    const ended = await end(token, client, requester);
    if (ended) await announceEnds([ended]);
  };
}

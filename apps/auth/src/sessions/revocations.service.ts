import { type Topics } from '@alva/queue';
import { topics as topicNames } from '@alva/shared-types';
import { sessionRevokedMessage, type Revocation, type RevocationList } from '@alva/validation';
import { type RevocationsStore } from './revocations.store.ts';

export interface RevocationsOptions {
  readonly store: RevocationsStore;
  readonly topics: Topics;
  /** Of access tokens, in seconds. */
  readonly tokenLifetime: number;
}

/** Seconds by which clocks may differ, on either side, and an end may be committed after its own time. */
const margin = 90;

export type Revocations = ReturnType<typeof createRevocations>;

/** What verifiers have to know: whose tokens to refuse although they have not expired. */
export function createRevocations({ store, topics, tokenLifetime }: RevocationsOptions) {
  const window = tokenLifetime + margin;

  return {
    /** @param since ISO 8601; by default what ended within the window */
    async list(since?: string): Promise<RevocationList> {
      const rows = await store.list(window, since === undefined ? null : Date.parse(since));
      return {
        window,
        sessions: rows.map(({ sid, endedAt, ordinary }) => ({
          sid,
          endedAt: new Date(endedAt).toISOString(),
          reason: ordinary ? 'signed-out' : 'revoked',
        })),
      };
    },

    /** Calls back for every session that ends from now on, and when some may have been missed. Returns how to stop. */
    follow(onEnd: (revocation: Revocation) => void, onGap: () => void): () => void {
      const hear = (message: unknown) => {
        const { sid, reason } = sessionRevokedMessage.parse(message);
        // Heard within moments of the commit; verifiers only need to know how long to remember it.
        const endedAt = new Date().toISOString();
        onEnd({ sid, endedAt, reason: reason === 'signed-out' ? reason : 'revoked' });
      };
      return topics.subscribe(topicNames.sessionRevoked('*'), hear, onGap);
    },
  };
}

import { newIdentifier, type RunStatement } from '@alva/database';
import { type ProviderName } from '@alva/shared-types';
import { type PersonRow } from '../accounts/person.ts';
import { type ProvenAccount } from '../accounts/users.store.ts';
import { type Requester } from '../http/requester.ts';
import * as texts from './identities.sql.ts';
import { type ProvenIdentity } from './provider.ts';

/** Times are milliseconds since 1970. */
export interface IdentityRow {
  readonly id: string;
  readonly provider: ProviderName;
  readonly email: string | null;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

export interface Connected {
  readonly userId: string;
  readonly email: string;
  readonly isNew: boolean;
  /** Connected to this very account before. Neither that nor new: it is somebody else's. */
  readonly wasTheirs: boolean;
}

export interface Removal {
  readonly isGone: boolean;
  readonly provider: ProviderName;
}

export type IdentitiesStore = ReturnType<typeof createIdentitiesStore>;

export function createIdentitiesStore(run: RunStatement) {
  return {
    /** The account that an identity belongs to, locked; undefined when it belongs to none yet. */
    async use(provider: ProviderName, { issuer, subject, email }: ProvenIdentity): Promise<ProvenAccount | undefined> {
      const [row] = await run<PersonRow & { disabled: boolean }>(texts.useText, [issuer, subject, provider, email]);
      if (!row) return undefined;
      const { disabled, ...person } = row;
      return { person, disabled };
    },

    /**
     * Makes it a way into an account that was found by its address, and says whether that was there before this
     * transaction. Undefined when the identity became somebody's at this moment.
     */
    async add(
      userId: string,
      provider: ProviderName,
      { issuer, subject, email, name }: ProvenIdentity,
      { address, requestId }: Requester,
    ): Promise<{ isOlder: boolean } | undefined> {
      const parameters = [newIdentifier(), userId, issuer, subject, provider, email, name, address, requestId];
      const [row] = await run<{ isOlder: boolean }>(texts.addText, parameters);
      return row;
    },

    /** Makes it a way into the account of a session; undefined when that session is over. */
    async connect(
      sessionId: string,
      provider: ProviderName,
      { issuer, subject, email }: ProvenIdentity,
      { address, requestId }: Requester,
    ): Promise<Connected | undefined> {
      const parameters = [newIdentifier(), sessionId, issuer, subject, provider, email, address, requestId];
      const [row] = await run<Connected>(texts.connectText, parameters);
      return row;
    },

    list: (userId: string): Promise<IdentityRow[]> => run<IdentityRow>(texts.listText, [userId]),

    /** Not gone when it is the last way in; undefined when this person has no such identity. */
    async remove(
      { userId, sessionId, identityId }: { userId: string; sessionId: string; identityId: string },
      { address, requestId }: Requester,
    ): Promise<Removal | undefined> {
      const parameters = [userId, identityId, sessionId, address, requestId];
      const [row] = await run<Removal>(texts.removeText, parameters);
      return row;
    },
  };
}

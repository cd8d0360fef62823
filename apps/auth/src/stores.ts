import { type Database, type RunStatement } from '@alva/database';
import { createUsersStore } from './accounts/users.store.ts';
import { createAdminUsersStore } from './admin/users.store.ts';
import { createAuditStore } from './audit/audit.store.ts';
import { createClientsStore } from './clients/clients.store.ts';
import { createPruningStore } from './housekeeping/pruning.store.ts';
import { createInboxStore } from './mail/inbox.store.ts';
import { createRevocationsStore } from './sessions/revocations.store.ts';
import { createSessionsStore } from './sessions/sessions.store.ts';
import { createMagicLinksStore } from './sign-in/magic-links.store.ts';
import { createIntrospectStore } from './tokens/introspect.store.ts';
import { createRevokeStore } from './tokens/revoke.store.ts';
import { createSigningKeysStore } from './tokens/signing-keys.store.ts';

/** What can be done within one transaction. */
export type StoresInside = ReturnType<typeof storesOf>;

export interface Stores extends StoresInside {
  /** All of it or nothing; see `transaction` of @alva/database. */
  atomically<Result>(work: (stores: StoresInside) => Promise<Result>): Promise<Result>;
}

export function createStores({ run, transaction }: Pick<Database, 'run' | 'transaction'>): Stores {
  return { ...storesOf(run), atomically: (work) => transaction((inside) => work(storesOf(inside))) };
}

function storesOf(run: RunStatement) {
  return {
    adminUsers: createAdminUsersStore(run),
    audit: createAuditStore(run),
    clients: createClientsStore(run),
    inbox: createInboxStore(run),
    introspect: createIntrospectStore(run),
    magicLinks: createMagicLinksStore(run),
    pruning: createPruningStore(run),
    revocations: createRevocationsStore(run),
    revoke: createRevokeStore(run),
    sessions: createSessionsStore(run),
    signingKeys: createSigningKeysStore(run),
    users: createUsersStore(run),
  };
}

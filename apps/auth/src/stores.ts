import { type Database, type RunStatement } from '@alva/database';
import { createDeletionsStore } from './accounts/deletions.store.ts';
import { createEmailChangesStore } from './accounts/email-changes.store.ts';
import { createExportsStore } from './accounts/exports.store.ts';
import { createUsersStore } from './accounts/users.store.ts';
import { createImportStore } from './admin/import.store.ts';
import { createAdminUsersStore } from './admin/users.store.ts';
import { createWaysInStore } from './admin/ways-in.store.ts';
import { createAuditStore } from './audit/audit.store.ts';
import { createClientsStore } from './clients/clients.store.ts';
import { createPruningStore } from './housekeeping/pruning.store.ts';
import { createInboxStore } from './mail/inbox.store.ts';
import { createMailsStore } from './mail/mails.store.ts';
import { createIdentitiesStore } from './oauth/identities.store.ts';
import { createProviderAttemptsStore } from './oauth/provider-attempts.store.ts';
import { createOneTimeTokensStore } from './one-time-tokens/one-time-tokens.store.ts';
import { createPasswordsStore } from './passwords/passwords.store.ts';
import { createSecondFactorsStore } from './mfa/second-factors.store.ts';
import { createPasskeysStore } from './passkeys/passkeys.store.ts';
import { createRevocationsStore } from './sessions/revocations.store.ts';
import { createSessionsStore } from './sessions/sessions.store.ts';
import { createAttemptsStore } from './sign-in/attempts.store.ts';
import { createMagicLinksStore } from './sign-in/magic-links.store.ts';
import { createStepUpCodesStore } from './step-up/step-up-codes.store.ts';
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
    attempts: createAttemptsStore(run),
    audit: createAuditStore(run),
    clients: createClientsStore(run),
    identities: createIdentitiesStore(run),
    deletions: createDeletionsStore(run),
    emailChanges: createEmailChangesStore(run),
    exports: createExportsStore(run),
    imports: createImportStore(run),
    inbox: createInboxStore(run),
    introspect: createIntrospectStore(run),
    mails: createMailsStore(run),
    magicLinks: createMagicLinksStore(run),
    oneTimeTokens: createOneTimeTokensStore(run),
    passwords: createPasswordsStore(run),
    providerAttempts: createProviderAttemptsStore(run),
    passkeys: createPasskeysStore(run),
    pruning: createPruningStore(run),
    revocations: createRevocationsStore(run),
    revoke: createRevokeStore(run),
    secondFactors: createSecondFactorsStore(run),
    sessions: createSessionsStore(run),
    signingKeys: createSigningKeysStore(run),
    stepUpCodes: createStepUpCodesStore(run),
    users: createUsersStore(run),
    waysIn: createWaysInStore(run),
  };
}

import { type Sql } from '@alva/database';
import { createUsersStore } from './accounts/users.store.ts';
import { createInboxStore } from './mail/inbox.store.ts';
import { patienceMs, statementsOf, tooLate, type RunStatement } from './run-statement.ts';
import { createSessionsStore } from './sessions/sessions.store.ts';
import { createMagicLinksStore } from './sign-in/magic-links.store.ts';
import { createSigningKeysStore } from './tokens/signing-keys.store.ts';

export interface Stores extends ReturnType<typeof storesOf> {
  /** All of it or nothing. What throws inside undoes what was done before it. */
  atomically<Result>(work: (stores: ReturnType<typeof storesOf>) => Promise<Result>): Promise<Result>;
}

export function createStores(sql: Sql): Stores {
  return { ...storesOf(statementsOf(sql)), atomically: (work) => atomically(sql, work) };
}

function storesOf(run: RunStatement) {
  return {
    inbox: createInboxStore(run),
    magicLinks: createMagicLinksStore(run),
    sessions: createSessionsStore(run),
    signingKeys: createSigningKeysStore(run),
    users: createUsersStore(run),
  };
}

/** Nothing is committed for someone who was already told that it failed. */
async function atomically<Result>(
  sql: Sql,
  work: (stores: ReturnType<typeof storesOf>) => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  const refuseWhenLate = () => {
    if (performance.now() >= deadline) throw tooLate();
  };
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate()), patienceMs);
  const done = sql.begin(async (transaction) => {
    refuseWhenLate();
    const result = await work(storesOf(statementsOf(transaction)));
    refuseWhenLate();
    // In an object, because the driver would take a list for a list of statements to wait for.
    return { result };
  });
  try {
    const { result } = await Promise.race([done, late]);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

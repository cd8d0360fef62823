import { newIdentifier, type RunStatement } from '@alva/database';
import { type ProviderName } from '@alva/shared-types';
import { canEnd } from '../sessions/ending.sql.ts';

export interface NewProviderAttempt {
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
  readonly provider: ProviderName;
  readonly redirectTo: string | null;
  /** Of whoever connects the provider to their account; null to sign in. */
  readonly sessionId: string | null;
  /** Seconds. */
  readonly lifetime: number;
}

/** What an answer has to match. */
export type AttemptKey = Pick<NewProviderAttempt, 'stateHash' | 'browserHash' | 'provider'>;

export type SpentAttempt = Pick<NewProviderAttempt, 'redirectTo' | 'sessionId'>;

export interface RefusedAttempt {
  readonly state: 'used' | 'late';
  readonly sessionId: string | null;
}

/** $1 id, $2 state hash, $3 browser hash, $4 provider, $5 redirect, $6 session, $7 lifetime */
const insertText = `
insert into auth.provider_attempts (id, state_hash, browser_hash, provider, redirect_to, session_id, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`;

const matches = `a.state_hash = $1 and a.browser_hash = $2 and a.provider = $3`;

/**
 * $1 state hash, $2 browser hash, $3 provider. In the order of the protocol the attempt is spent before its code is, so an
 * answer that comes ten times is taken to the provider once.
 */
const spendText = `
update auth.provider_attempts a set spent_at = now()
where ${matches} and a.spent_at is null and a.expires_at > now() and (
  a.session_id is null or exists (select from auth.sessions s where s.id = a.session_id and ${canEnd('s')}))
returning a.redirect_to as "redirectTo", a.session_id as "sessionId"`;

/** Likewise */
const explainText = `
select case when a.spent_at is null then 'late' else 'used' end as state, a.session_id as "sessionId"
from auth.provider_attempts a where ${matches}`;

export type ProviderAttemptsStore = ReturnType<typeof createProviderAttemptsStore>;

export function createProviderAttemptsStore(run: RunStatement) {
  return {
    async insert(attempt: NewProviderAttempt): Promise<void> {
      const { stateHash, browserHash, provider, redirectTo, sessionId, lifetime } = attempt;
      await run(insertText, [newIdentifier(), stateHash, browserHash, provider, redirectTo, sessionId, lifetime]);
    },

    /** Undefined when there was nothing to spend: not begun in this browser, too late, used, or its session is over. */
    async spend({ stateHash, browserHash, provider }: AttemptKey): Promise<SpentAttempt | undefined> {
      const [row] = await run<SpentAttempt>(spendText, [stateHash, browserHash, provider]);
      return row;
    },

    /** Why an attempt could not be spent; undefined when this browser began no such one. */
    async explain({ stateHash, browserHash, provider }: AttemptKey): Promise<RefusedAttempt | undefined> {
      const [row] = await run<RefusedAttempt>(explainText, [stateHash, browserHash, provider]);
      return row;
    },
  };
}

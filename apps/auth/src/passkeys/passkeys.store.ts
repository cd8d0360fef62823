import { newIdentifier, type RunStatement } from '@alva/database';
import { hasOtherWayIn } from '../accounts/ways-in.sql.ts';
import { type Requester } from '../http/requester.ts';
import { millisecondsOf } from '../sql-fragments.ts';

export interface PasskeyRow {
  readonly id: string;
  readonly name: string;
  readonly synced: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** What a signature is judged by. */
export interface StoredCredential {
  readonly id: string;
  readonly userId: string;
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly transports: string[];
}

export interface NewPasskey {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly name: string;
  readonly backedUp: boolean;
}

/** The person, and the session in which they change something. */
export interface Owner {
  readonly userId: string;
  readonly sessionId: string;
}

const shownColumns = (alias: string) => `${alias}.id, ${alias}.name, ${alias}.backed_up as synced,
  ${millisecondsOf(`${alias}.created_at`)} as "createdAt", ${millisecondsOf(`${alias}.last_used_at`)} as "lastUsedAt"`;

const credentialColumns = `p.id, p.user_id as "userId", p.credential_id as "credentialId", p.public_key as "publicKey",
  to_json(p.transports) as transports`;

const listText = `select ${shownColumns('p')} from auth.passkeys p where p.user_id = $1 order by p.id`;

/** $1 hash of the challenge, $2 its end in milliseconds since 1970. No row: it was answered before. */
const spendText = `
insert into auth.spent_passkey_challenges (challenge_hash, expires_at) values ($1, to_timestamp($2::float8 / 1000))
on conflict do nothing returning challenge_hash`;

/**
 * $1 passkey, $2 its count of signatures, $3 whether it is on other devices too. No row: it is gone, or its count went back,
 * which means that there are two of it (WebAuthn level 3, section 6.1.1). Synced ones do not count and stay at zero.
 */
const useText = `
update auth.passkeys p set sign_count = $2, backed_up = $3, last_used_at = now()
where p.id = $1 and (p.sign_count < $2 or (p.sign_count = 0 and $2 = 0))
returning p.id`;

/** $1 id, $2 user, $3 credential, $4 key, $5 count, $6 transports as JSON, $7 name, $8 backed up, $9 most, $10 session, $11 address, $12 request id. */
const insertText = `
with added as (
  insert into auth.passkeys as p (id, user_id, credential_id, public_key, sign_count, transports, name, backed_up)
  select $1, $2::uuid, $3, $4, $5, array(select json_array_elements_text($6::text::json)), $7, $8
  where (select count(*) from auth.passkeys where user_id = $2::uuid) < $9
  on conflict (credential_id) do nothing
  returning p.*
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'passkey-added', user_id, $10, $11, $12, json_build_object('passkey', id)::jsonb from added
)
select ${shownColumns('added')} from added`;

const renameText = `
update auth.passkeys p set name = $3 where p.id = $1 and p.user_id = $2 returning ${shownColumns('p')}`;

/** $1 passkey, $2 user, $3 session, $4 address, $5 request id. Comes after the account was locked, as a statement of its own. */
const removeText = `
with gone as (
  delete from auth.passkeys p using auth.users u
  where p.id = $1 and p.user_id = $2 and u.id = p.user_id and ${hasOtherWayIn('u', { besidePasskey: 'p.id' })}
  returning p.id, p.name, p.user_id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'passkey-removed', user_id, $3, $4, $5, json_build_object('passkey', id)::jsonb from gone
)
select name from gone`;

export type PasskeysStore = ReturnType<typeof createPasskeysStore>;

export function createPasskeysStore(run: RunStatement) {
  return {
    list: (userId: string) => run<PasskeyRow>(listText, [userId]),

    /** All that this person has, to be offered or to be left out. */
    listCredentials: (userId: string) =>
      run<StoredCredential>(`select ${credentialColumns} from auth.passkeys p where p.user_id = $1`, [userId]),

    async findCredential(credentialId: Buffer): Promise<StoredCredential | undefined> {
      const text = `select ${credentialColumns} from auth.passkeys p where p.credential_id = $1`;
      const [row] = await run<StoredCredential>(text, [credentialId]);
      return row;
    },

    /** False when this challenge was answered before. */
    async spendChallenge(hash: Buffer, expiresAt: number): Promise<boolean> {
      return (await run(spendText, [hash, expiresAt])).length > 0;
    },

    /** False when it is gone, or its count went back. */
    async use(id: string, { signCount, backedUp }: { signCount: number; backedUp: boolean }): Promise<boolean> {
      return (await run(useText, [id, signCount, backedUp])).length > 0;
    },

    /** Undefined when there are so many already, or somebody has this one. The account's row is to be locked before. */
    async insert(
      { userId, sessionId }: Owner,
      passkey: NewPasskey,
      most: number,
      { address, requestId }: Requester,
    ): Promise<PasskeyRow | undefined> {
      const { credentialId, publicKey, signCount, transports, name, backedUp } = passkey;
      const [row] = await run<PasskeyRow>(insertText, [
        ...[newIdentifier(), userId, credentialId, publicKey, signCount, JSON.stringify(transports), name, backedUp],
        ...[most, sessionId, address, requestId],
      ]);
      return row;
    },

    async rename(userId: string, id: string, name: string): Promise<PasskeyRow | undefined> {
      const [row] = await run<PasskeyRow>(renameText, [id, userId, name]);
      return row;
    },

    /** The name of the one that is gone; undefined when nothing else would let its owner in. The account's row is to be locked before. */
    async remove({ userId, sessionId }: Owner, id: string, { address, requestId }: Requester) {
      const [row] = await run<{ name: string }>(removeText, [id, userId, sessionId, address, requestId]);
      return row?.name;
    },
  };
}

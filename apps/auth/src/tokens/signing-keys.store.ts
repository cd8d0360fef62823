import { type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';

export interface StoredKey {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly publicJwk: PublicJwk;
  /** Null once the key signs no more. */
  readonly privateSealed: Buffer | null;
  /** Milliseconds since 1970, by the database's clock. */
  readonly createdAt: number;
  readonly activatedAt: number | null;
  readonly retiredAt: number | null;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** The keys in the order they sign: those that did, the one that does, the one that will. */
export interface Ring {
  readonly keys: readonly StoredKey[];
  /** Milliseconds since 1970, by the database's clock. */
  readonly readAt: number;
}

export type SigningKeysStore = ReturnType<typeof createSigningKeysStore>;

export function createSigningKeysStore(run: RunStatement) {
  return {
    async read(): Promise<Ring> {
      const keys = await run<StoredKey & { readAt: number }>(
        `select kid, state, public_jwk as "publicJwk", private_sealed as "privateSealed",
          ${millisecondsOf('created_at')} as "createdAt", ${millisecondsOf('activated_at')} as "activatedAt",
          ${millisecondsOf('retired_at')} as "retiredAt", ${millisecondsOf('now()')} as "readAt"
        from auth.signing_keys order by activated_at nulls last`,
        [],
      );
      return { keys, readAt: keys[0]?.readAt ?? 0 };
    },

    /** Whoever comes first makes the ring's first key; the unique index turns all others away without an error. */
    async insertFirst({ kid, publicJwk, privateSealed }: Pick<StoredKey, 'kid' | 'publicJwk' | 'privateSealed'>) {
      await run(
        `insert into auth.signing_keys (kid, state, public_jwk, private_sealed, activated_at)
        select $1, 'current', $2::text::jsonb, $3, now()
        where not exists (select from auth.signing_keys)
        on conflict do nothing`,
        [kid, JSON.stringify(publicJwk), privateSealed],
      );
    },
  };
}

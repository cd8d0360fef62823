import { type RunStatement } from '@alva/database';

export interface StoredKey {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly publicJwk: PublicJwk;
  readonly privateSealed: Buffer;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

export type SigningKeysStore = ReturnType<typeof createSigningKeysStore>;

export function createSigningKeysStore(run: RunStatement) {
  return {
    async list(): Promise<StoredKey[]> {
      return run<StoredKey>(
        `select kid, state, public_jwk as "publicJwk", private_sealed as "privateSealed" from auth.signing_keys
        order by created_at`,
        [],
      );
    },

    /** Whoever comes first makes the ring's first key; the unique index turns all others away without an error. */
    async insertFirst({ kid, publicJwk, privateSealed }: Omit<StoredKey, 'state'>): Promise<void> {
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

import { type SecondFactorsStore } from './second-factors.store.ts';
import { type TotpSeal } from './totp-seal.ts';

export interface ResealParts {
  readonly store: Pick<SecondFactorsStore, 'listSealed' | 'reseal'>;
  readonly seal: TotpSeal;
  readonly oldSeal: TotpSeal;
}

/** What became of the secrets that were not sealed as they should be. */
export interface Resealed {
  readonly resealed: number;
  /** Sealed under a third key: nothing opens them any more. */
  readonly lost: number;
}

/**
 * Seals the secrets of authenticator apps again, a batch at a time: stopped midway and begun again it goes on. Copies of auth
 * that still run with the key before cannot check codes of these people until they are restarted.
 */
export async function resealTotp({ store, seal, oldSeal }: ResealParts): Promise<Resealed> {
  let [resealed, lost] = [0, 0];
  let after: string | null = null;
  for (;;) {
    const batch: Awaited<ReturnType<typeof store.listSealed>> = await store.listSealed(after);
    for (const { userId, secretSealed } of batch) {
      if (seal.open(userId, secretSealed)) continue;
      const secret = oldSeal.open(userId, secretSealed);
      if (!secret) lost += 1;
      else if (await store.reseal(userId, secretSealed, seal.seal(userId, secret))) resealed += 1;
    }
    const last = batch.at(-1);
    if (!last) return { resealed, lost };
    after = last.userId;
  }
}

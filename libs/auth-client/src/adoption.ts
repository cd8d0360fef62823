import type { TokenAnswer } from '@alva/validation';
import type { Exclusive } from './exclusive.ts';
import type { KnownSession } from './known-session.ts';
import { handover } from './renewal.ts';

/**
 * Takes over a token that was asked for with the one before, while renewals wait. By the time it comes the person may have
 * signed out, or somebody else in: then it is dropped. Where another token came meanwhile, of another session for all this
 * tab knows, it is dropped too, and one asked for that knows what was shown.
 */
export function createAdoption(known: KnownSession, renew: () => Promise<void>, exclusive: Exclusive) {
  return async (ask: () => Promise<TokenAnswer>): Promise<void> => {
    const before = known.lastNews();
    const tokens = await ask();
    const isSettled = await exclusive(async (waited) => {
      if (waited && known.lastNews() === before) await known.nextNews(handover);
      if (known.tokens()?.user.id !== tokens.user.id) return true;
      if (known.lastNews() !== before && known.lastNews()?.type !== 'no-answer') return false;
      known.signedIn(tokens);
      return true;
    });
    if (!isSettled) await renew();
  };
}

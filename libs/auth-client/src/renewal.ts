import { ServiceProblem, type TokenAnswer } from '@alva/validation';
import type { AuthService } from './auth-service.ts';
import type { Exclusive } from './exclusive.ts';
import type { KnownSession } from './known-session.ts';

/** How long news of another tab's refresh may take after its lock was given back, milliseconds. */
export const handover = 250;

/**
 * Renews the access token by the refresh cookie: in a single flight in this tab, and by the lock in a single flight
 * across tabs. Never rejects; the session's state tells what came of it.
 */
export function createRenewal(known: KnownSession, auth: AuthService, exclusive: Exclusive) {
  let flight: Promise<void> | undefined;

  async function fly(): Promise<void> {
    known.connect();
    const before = known.lastNews();
    await exclusive(async (waited) => {
      // Whoever held the lock has just told what came of it, but messages may arrive after locks.
      if (waited && known.lastNews() === before) await known.nextNews(handover);
      if (known.lastNews() === before) await refresh();
      else if (known.lastNews()?.type === 'no-answer') known.unanswered();
    });
  }

  async function refresh(): Promise<void> {
    const before = known.lastNews();
    // Without the lock another tab may have signed out or in meanwhile, and this answer would bring back what was before.
    const overtaken = () => known.lastNews() !== before && known.lastNews()?.type !== 'no-answer';
    try {
      const tokens = await auth.refresh().catch(repeatIfLost);
      if (!overtaken()) known.signedIn(tokens);
    } catch (error) {
      if (overtaken()) return;
      if (!(error instanceof ServiceProblem)) known.unanswered();
      else if (error.status === 401) known.signedOut('ended');
      else known.unanswered(error.retryAfter);
    }
  }

  /** The answer may have been lost on its way. A repeated refresh gets the same successor, so asking again is safe. */
  function repeatIfLost(error: unknown): Promise<TokenAnswer> {
    if (error instanceof TypeError) return auth.refresh();
    throw error;
  }

  return (): Promise<void> => {
    if (known.blocked()) return Promise.resolve();
    flight ??= fly()
      .catch(() => known.unanswered())
      .finally(() => (flight = undefined));
    return flight;
  };
}

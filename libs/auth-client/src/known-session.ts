import type { TokenAnswer } from '@alva/validation';
import type { NamedBrowser } from './browser.ts';
import { createRetry } from './retry.ts';
import { createStateStore, type SignedOutReason } from './session-state.ts';
import { openTabChannel, type TabChannel, type TabMessage } from './tab-channel.ts';

export type KnownSession = ReturnType<typeof createKnownSession>;

/**
 * What this tab knows about the session, kept in step with the other tabs. The access token lives in this closure and
 * nowhere else.
 *
 * @param tryAgain called when an outage may be over
 */
export function createKnownSession({ openChannel, network }: NamedBrowser, tryAgain: () => void) {
  const state = createStateStore();
  const retry = createRetry(tryAgain);
  let tokens: TokenAnswer | undefined;
  let channel: TabChannel | undefined;
  let lastNews: TabMessage | undefined;
  let onNews = () => {};

  function enter(granted: TokenAnswer): void {
    tokens = granted;
    retry.reset();
    state.set({ status: 'signed-in', user: granted.user });
  }

  function leave(reason: SignedOutReason): void {
    const { status } = state.get();
    tokens = undefined;
    retry.reset();
    // The first reason is the one the person knows, and who was not signed in did not lose anything.
    if (status === 'signed-in') state.set({ status: 'signed-out', reason });
    else if (status !== 'signed-out') state.set({ status: 'signed-out', reason: 'none' });
  }

  function hear(message: TabMessage): void {
    if (message.type === 'tokens') enter(message.tokens);
    if (message.type === 'signed-out') leave(message.byPerson ? 'elsewhere' : 'ended');
    lastNews = message;
    onNews();
  }

  /** Not before something happens: a page that is rendered on a server has no other tabs. */
  function connect(): TabChannel {
    if (channel === undefined) {
      channel = openTabChannel(openChannel(), hear);
      network?.addEventListener('online', retry.now);
    }
    return channel;
  }

  function tell(message: TabMessage): void {
    connect().post(message);
    lastNews = message;
  }

  return {
    state,
    connect,
    tokens: () => tokens,
    /** Whether auth asked to be left alone for a while. */
    blocked: retry.blocked,

    signedIn(granted: TokenAnswer): void {
      enter(granted);
      tell({ type: 'tokens', tokens: granted });
    },

    signedOut(reason: 'here' | 'everywhere' | 'ended'): void {
      leave(reason);
      tell({ type: 'signed-out', byPerson: reason !== 'ended' });
    },

    /**
     * An outage is never a sign-out: whoever is signed in stays so, and who does not know yet goes on asking.
     * @param retryAfter seconds
     */
    unanswered(retryAfter?: number): void {
      const { status } = state.get();
      const uncertain = status === 'restoring' || status === 'unavailable';
      retry.later(retryAfter, uncertain);
      if (uncertain) state.set({ status: 'unavailable' });
      tell({ type: 'no-answer' });
    },

    /** The last thing learned about the session here or in another tab; compare it to see whether there is more. */
    lastNews: () => lastNews,

    /** Waits for something new from another tab, but not longer than this many milliseconds. */
    nextNews: (longest: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(done, longest);
        function done() {
          clearTimeout(timer);
          onNews = () => {};
          resolve();
        }
        onNews = done;
      }),

    close(): void {
      retry.reset();
      network?.removeEventListener('online', retry.now);
      channel?.close();
    },
  };
}

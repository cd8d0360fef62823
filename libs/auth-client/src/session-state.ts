import type { Person } from '@alva/validation';

/**
 * - `none`: nobody was signed in when the page was opened
 * - `here`, `elsewhere`: the person signed out in this tab, or in another one
 * - `everywhere`: the person ended all their sessions in this tab
 * - `ended`: the session ran out or was ended by somebody else
 */
export type SignedOutReason = 'none' | 'here' | 'elsewhere' | 'everywhere' | 'ended';

export type SessionState =
  | { status: 'restoring' }
  | { status: 'signed-in'; user: Person }
  | { status: 'signed-out'; reason: SignedOutReason }
  /** Auth cannot be reached, so nobody knows yet whether there is a session. It is tried again until it answers. */
  | { status: 'unavailable' };

export interface StateStore {
  get: () => SessionState;
  set: (next: SessionState) => void;
  /** Returns how to stop listening. */
  subscribe: (listener: () => void) => () => void;
}

/** A value one can subscribe to, in the form that React's `useSyncExternalStore` takes. */
export function createStateStore(): StateStore {
  let state: SessionState = { status: 'restoring' };
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (next) => {
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import { createLocalLock, createTabLock, type Exclusive } from './exclusive.ts';
import type { MessageChannel } from './tab-channel.ts';

/** What is used of the browser. Tests and other hosts bring their own. */
export interface Browser {
  fetch: typeof globalThis.fetch;
  /** `navigator.locks`; browsers keep it from pages on plain http. */
  locks: LockManager | undefined;
  openChannel: (name: string) => MessageChannel;
  /** Fires `online` when the network is back. */
  network: EventTarget | undefined;
}

export interface NamedBrowser {
  fetch: Browser['fetch'];
  network: Browser['network'];
  exclusive: Exclusive;
  openChannel: () => MessageChannel;
}

/** @param name tells this session's lock and channel from those of other installations on the same origin */
export function createBrowser(name: string, standIns: Partial<Browser> = {}): NamedBrowser {
  const locks = 'locks' in standIns ? standIns.locks : ownLocks();
  const openChannel = standIns.openChannel ?? ((channel) => new BroadcastChannel(channel));
  return {
    // Not `globalThis.fetch` itself, which insists on being called on `window`.
    fetch: standIns.fetch ?? ((input, init) => fetch(input, init)),
    network: 'network' in standIns ? standIns.network : ownWindow(),
    exclusive: locks === undefined ? createLocalLock() : createTabLock(locks, name),
    openChannel: () => openChannel(name),
  };
}

function ownLocks(): LockManager | undefined {
  return 'navigator' in globalThis && 'locks' in navigator ? navigator.locks : undefined;
}

function ownWindow(): EventTarget | undefined {
  return 'addEventListener' in globalThis ? globalThis : undefined;
}

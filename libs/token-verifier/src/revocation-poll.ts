import { fetchDocument, type Fetch } from './fetch-document.ts';
import { pauseAfter, type Schedule } from './pauses.ts';
import { readRevocationList, type RevocationList } from './revocation-document.ts';

/** Some 150,000 sessions that ended within the lifetime of an access token. */
export const maximumListLength = 16 * 1024 * 1024;
const everyMilliseconds = 30_000;

export interface RevocationPollOptions {
  readonly uri: string;
  readonly fetch: Fetch;
  readonly schedule: Schedule;
  readonly adopt: (list: RevocationList) => void;
  /** The list is as it was, or there is none. */
  readonly onUnchanged: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Reads the list of revocations at once and then every 30 s. A failed try keeps what there is and is repeated sooner. */
export function createRevocationPoll({ uri, fetch, schedule, adopt, onUnchanged, onFailed }: RevocationPollOptions) {
  const closing = new AbortController();
  let etag: string | undefined;
  let hadList = false;
  let failures = 0;
  let flight: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let cancelScheduled = () => {};

  async function ask(): Promise<void> {
    cancelScheduled();
    try {
      await take();
      failures = 0;
    } catch (error) {
      if (closing.signal.aborted) return;
      failures += 1;
      onFailed(error);
    }
    flight = undefined;
    cancelScheduled = schedule(() => void start(), pauseAfter(failures, everyMilliseconds));
  }

  async function take(): Promise<void> {
    const document = await fetchDocument({
      uri,
      fetch,
      closing: closing.signal,
      maximumBytes: maximumListLength,
      etag,
    });
    // An issuer that once had a list has not given it up: what is in between is broken.
    if (document === 'not-published' && hadList) throw new Error(`${uri} has no list any more`);
    if (typeof document === 'string') {
      onUnchanged();
      return;
    }
    adopt(readRevocationList(document.text));
    hadList = true;
    etag = document.etag;
  }

  function start(): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve();
    flight ??= ask();
    return flight;
  }

  return {
    start,

    /** A try that begins from now on: one under way may have been answered before what was missed. */
    askAnew(): Promise<void> {
      if (flight === undefined) return start();
      following ??= flight.then(() => {
        following = undefined;
        return start();
      });
      return following;
    },

    close(): void {
      closing.abort();
      cancelScheduled();
    },
  };
}

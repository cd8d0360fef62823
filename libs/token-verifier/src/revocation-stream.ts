import { readEvents } from './event-stream.ts';
import type { Fetch } from './fetch-document.ts';
import { pauseAfter, type Schedule } from './pauses.ts';
import { readRevocation, readRevocationList, type Revocation, type RevocationList } from './revocation-document.ts';
import { maximumListLength } from './revocation-poll.ts';

/** The issuer says something every 15 s; a line that is silent for this long is dead, whatever the socket says. */
const longestSilence = 40_000;
/** A stream that lived this long is worth another one at once. */
const soundAfter = 10_000;
/** An issuer that offers no stream may do so after an update. */
const lookAgain = 5 * 60_000;

export interface RevocationStreamOptions {
  readonly uri: string;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly adopt: (list: RevocationList) => void;
  readonly revoke: (revocation: Revocation) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Follows the issuer's stream of revocations for as long as the verifier lives. Each connection begins with the whole
 * list, so nothing that ended between two of them is missed.
 */
export function createRevocationStream(options: RevocationStreamOptions) {
  const { uri, fetch, now, schedule, adopt, revoke, onFailed } = options;
  const closing = new AbortController();
  let followingSince: number | undefined;
  let failures = 0;
  let cancelScheduled = () => {};

  async function connect(): Promise<void> {
    let pause = 0;
    try {
      const ended = await follow();
      if (ended === 'not-offered') pause = lookAgain;
    } catch (error) {
      if (!closing.signal.aborted) onFailed(error);
    }
    const lived = followingSince === undefined ? 0 : now() - followingSince;
    followingSince = undefined;
    if (closing.signal.aborted) return;
    failures = lived >= soundAfter ? 1 : failures + 1;
    cancelScheduled = schedule(() => void connect(), pause > 0 ? pause : pauseAfter(failures, 0));
  }

  async function follow(): Promise<'ended' | 'not-offered'> {
    const silence = new AbortController();
    let cancelSilence = () => {};
    const heard = () => {
      cancelSilence();
      cancelSilence = schedule(() => silence.abort(new Error(`${uri} fell silent`)), longestSilence);
    };
    heard();
    try {
      const response = await fetch(uri, {
        signal: AbortSignal.any([closing.signal, silence.signal]),
        redirect: 'error',
        headers: { accept: 'text/event-stream' },
      });
      if (response.status === 404 || response.status === 406) {
        await response.body?.cancel();
        return 'not-offered';
      }
      if (response.status !== 200 || response.body === null || !isEventStream(response.headers)) {
        await response.body?.cancel();
        throw new Error(`${uri} answered ${response.status} and no event stream`);
      }
      for await (const { event, data } of readEvents(listening(response.body, heard), maximumListLength)) {
        if (event === 'revocations') {
          adopt(readRevocationList(data));
          followingSince ??= now();
        }
        if (event === 'revoked') revoke(readRevocation(data));
      }
      return 'ended';
    } finally {
      cancelSilence();
    }
  }

  void connect();

  return {
    /** Whether revocations arrive as they happen. */
    isFollowing: () => followingSince !== undefined,

    close(): void {
      closing.abort();
      cancelScheduled();
    },
  };
}

function isEventStream(headers: Headers): boolean {
  return /^text\/event-stream *(?:;|$)/i.test(headers.get('content-type') ?? '');
}

async function* listening(body: AsyncIterable<Uint8Array>, heard: () => void): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    heard();
    yield bytes;
  }
}

import { type Revocation } from '@alva/validation';
import { type Revocations } from './revocations.service.ts';

/** A reader that lags this far behind is given the whole list instead, which costs no memory: all share it. */
const longestQueue = 2_000;
const heartbeatMs = 15_000;

const listBegins = Buffer.from('event: revocations\ndata: ');
const eventEnds = Buffer.from('\n\n');

export interface RevocationStreamOptions {
  readonly revocations: Pick<Revocations, 'published' | 'follow'>;
  /** Aborted when the reader is gone or is to go. */
  readonly signal: AbortSignal;
}

/**
 * Server-sent events, whole or in pieces: the whole list first, then every session as it ends. Listening begins before the
 * list is read, so nothing falls between the two; after a gap the whole list comes again.
 */
export async function* revocationStream({
  revocations,
  signal,
}: RevocationStreamOptions): AsyncGenerator<string | Buffer> {
  let queue: string[] = [];
  let gap = true;
  let wake = () => {};
  const ring = () => wake();

  function missSome(): void {
    queue = [];
    gap = true;
    ring();
  }

  // A reader that takes nothing never lets the loop below look, so it is judged where the queue grows.
  function hear(frame: string): void {
    if (gap) return;
    if (queue.push(frame) > longestQueue) missSome();
    ring();
  }

  const unfollow = revocations.follow(hear, missSome);
  signal.addEventListener('abort', ring);
  try {
    yield 'retry: 1000\n\n';
    while (!signal.aborted) {
      if (gap) {
        gap = false;
        const { body } = await revocations.published();
        yield listBegins;
        yield body;
        yield eventEnds;
      } else if (queue.length > 0) {
        yield queue.splice(0).join('');
      } else {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        wake = () => resolve(true);
        const timer = setTimeout(() => resolve(false), heartbeatMs);
        const rung = await promise;
        clearTimeout(timer);
        if (!rung) yield ': still here\n\n';
      }
    }
  } finally {
    unfollow();
    signal.removeEventListener('abort', ring);
  }
}

/** One text for all streams. */
export function revokedFrame(revocation: Revocation): string {
  return `event: revoked\ndata: ${JSON.stringify(revocation)}\n\n`;
}

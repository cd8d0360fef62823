import { type Revocations } from './revocations.service.ts';

/** A reader that lags this far behind is let go: it comes back and is given the whole list. */
const longestQueue = 10_000;
const heartbeatMs = 15_000;

/**
 * Server-sent events: the whole list first, then every session as it ends. Listening begins before the list is read, so
 * nothing falls between the two; after a gap the whole list comes again.
 */
export async function* revocationStream(revocations: Revocations, signal: AbortSignal): AsyncGenerator<string> {
  const queue: string[] = [];
  let gap = true;
  let wake = () => {};
  const ring = () => wake();
  const unfollow = revocations.follow(
    (revocation) => {
      queue.push(frame('revoked', revocation));
      ring();
    },
    () => {
      gap = true;
      ring();
    },
  );
  signal.addEventListener('abort', ring);
  try {
    yield 'retry: 1000\n\n';
    while (!signal.aborted && queue.length <= longestQueue) {
      if (gap) {
        gap = false;
        yield frame('revocations', await revocations.list());
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

function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

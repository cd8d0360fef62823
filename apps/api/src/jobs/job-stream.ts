import type { WatchedJob } from './job-events.store.ts';
import type { JobLookout } from './job-lookout.ts';
import { frame, type PageAfter, type Standing } from './job-pages.ts';
import { isOver } from './jobs.store.ts';

export interface JobStreamOptions {
  readonly lookout: JobLookout;
  readonly pageAfter: PageAfter;
  /** Milliseconds of silence before a sign of life, which comes with the next stroke of the lookout's clock. */
  readonly heartbeat?: number;
}

type StoredStanding = Standing & Pick<WatchedJob, 'lastSeq'>;

const opening = Buffer.from('retry: 1000\n\n');
const signOfLife = Buffer.from(': still here\n\n');

/**
 * Server-sent events of one job: what is stored after `lastSeen`, then what is being written, until it is over. The job is
 * watched before the first row is read, so nothing falls between the two. What is heard only says how far one can read: the
 * rows are the buffer, so a slow reader holds up nobody and costs one page, and a message or a read that fails is made up for
 * by the lookout's next look.
 */
export function createJobStreams({ lookout, pageAfter, heartbeat = 14_000 }: JobStreamOptions) {
  return async function* watch(job: WatchedJob, lastSeen: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const news = createBell();
    // A number from the future would hide everything until then.
    let cursor = Math.min(lastSeen, job.lastSeq);
    let readable = job.lastSeq;
    // What the row says, and what the reader was told.
    let row: StoredStanding = job;
    let standing: Standing = job;
    let place: number | undefined;
    let placeTold: number | undefined;
    const deleted = new AbortController();
    let spokeAt = performance.now();

    const leave = lookout.watch(job.id, {
      reached,
      found(latest) {
        // A look that was under way when this stream opened may know less.
        if (latest.lastSeq > row.lastSeq) row = latest;
        const found = latest.place ?? undefined;
        if (found !== place) news.ring();
        place = found;
        reached(latest.lastSeq);
      },
      gone() {
        deleted.abort();
        news.ring();
      },
      ticked() {
        if (isSilent()) news.ring();
      },
    });
    signal.addEventListener('abort', news.ring);

    function reached(seq: number): void {
      if (seq <= readable) return;
      readable = seq;
      news.ring();
    }

    function isSilent(): boolean {
      return performance.now() - spokeAt >= heartbeat;
    }

    try {
      // The first bytes bring the headers to the client at once.
      yield opening;
      if (job.state === 'queued') lookout.lookSoon(job.id);
      while (!signal.aborted && !deleted.signal.aborted) {
        if (cursor < readable) {
          const page = await pageAfter(job.id, cursor);
          if (typeof page === 'object') {
            yield page.bytes;
            spokeAt = performance.now();
            cursor = page.lastSeq;
            if (page.standing) [standing, placeTold] = [page.standing, undefined];
            if (page.standing && isOver(page.standing.state)) return;
            continue;
          }
          // Forgotten, or deleted while it was watched.
          if (page === 'none' && isOver(row.state)) {
            yield lastWord(row);
            return;
          }
          // Until the next look finds that there is more, or that it is over.
          readable = cursor;
        } else if (isOver(row.state) && cursor >= row.lastSeq) {
          return;
        }
        if (standing.state === 'queued' && place !== undefined && place !== placeTold) {
          placeTold = place;
          yield placeInLine(standing, place);
          spokeAt = performance.now();
        } else if (isSilent()) {
          yield signOfLife;
          spokeAt = performance.now();
        }
        await news.rung();
      }
    } finally {
      leave();
      signal.removeEventListener('abort', news.ring);
    }
  };
}
export type JobStreams = ReturnType<typeof createJobStreams>;

/** Not an event of the job's history, so it has no number; a reader that resumes is told anew. */
function placeInLine({ state, attempt }: Standing, position: number): Buffer {
  return Buffer.from(`event: state\ndata: ${JSON.stringify({ state, attempt, position })}\n\n`);
}

/** What was written is gone, how it ended is not. */
function lastWord({ state, attempt, lastSeq }: StoredStanding): Buffer {
  return Buffer.from(frame({ seq: lastSeq, event: 'state', data: JSON.stringify({ state, attempt }) }));
}

/** Remembers that it was rung until somebody has listened. */
function createBell() {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    rung: async () => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => resolve(undefined);
        await promise;
        wake = undefined;
      }
      rung = false;
    },
  };
}

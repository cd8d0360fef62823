import type { Topics } from '@alva/queue';
import { topics as topicNames, type JobState } from '@alva/shared-types';
import { jobEventsMessage } from '@alva/validation';
import type { JobEventsStore, StoredEvent } from './job-events.store.ts';
import { isOver, type JobsStore } from './jobs.store.ts';

export interface JobStreamOptions {
  readonly jobs: JobsStore;
  readonly events: JobEventsStore;
  readonly topics: Topics;
  /** Milliseconds between two signs of life, and between two looks at the line. */
  readonly heartbeat?: number;
  readonly line?: number;
}

export interface WatchedJob {
  readonly id: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly lastSeq: number;
}

const pageSize = 200;

/**
 * Server-sent events of one job: what is stored after `lastSeen`, then what is being written, until it is over. The topic is
 * listened to before the first row is read, so nothing falls between the two; messages only say that there is more to read,
 * so a slow reader holds up nobody and costs no memory, and a lost message costs a heartbeat's time.
 */
export function createJobStreams({ jobs, events, topics, heartbeat = 15_000, line = 2_000 }: JobStreamOptions) {
  return async function* watch(job: WatchedJob, lastSeen: number, signal: AbortSignal): AsyncGenerator<string> {
    const news = createBell();
    const unsubscribe = topics.subscribe(topicNames.jobEvents(job.id), ring, () => news.ring());
    signal.addEventListener('abort', news.ring);
    // A number from the future would hide everything until then.
    let cursor = Math.min(lastSeen, job.lastSeq);
    let { state, attempt } = job;
    let position: number | undefined;

    function ring(message: unknown): void {
      const parsed = jobEventsMessage.safeParse(message);
      if (!parsed.success || parsed.data.seq > cursor) news.ring();
    }

    try {
      // The first bytes bring the headers to the client at once.
      yield 'retry: 1000\n\n';
      let quietSince = Date.now();
      while (!signal.aborted) {
        const rows = await events.after(job.id, cursor, pageSize);
        if (rows.length > 0) {
          yield rows.map(frame).join('');
          cursor = rows.at(-1)?.seq ?? cursor;
          quietSince = Date.now();
          for (const { event, data } of rows)
            if (event === 'state') ({ state, attempt } = JSON.parse(data) as WatchedJob);
          if (isOver(state)) return;
          if (rows.length === pageSize) continue;
        } else if (isOver(state)) {
          return;
        }
        if (state === 'queued') {
          const place = await jobs.position(job.id);
          // Not an event of the job's history, so it has no number; a reader that resumes is told anew.
          if (place !== position)
            yield `event: state\ndata: ${JSON.stringify({ state, attempt, position: place })}\n\n`;
          position = place;
        }
        const untilHeartbeat = Math.max(0, quietSince + heartbeat - Date.now());
        await news.rung(state === 'queued' ? Math.min(line, untilHeartbeat) : untilHeartbeat);
        if (Date.now() - quietSince >= heartbeat) {
          quietSince = Date.now();
          yield ': still here\n\n';
        }
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', news.ring);
    }
  };
}
export type JobStreams = ReturnType<typeof createJobStreams>;

function frame({ seq, event, data }: StoredEvent): string {
  return `id: ${seq}\nevent: ${event}\ndata: ${data}\n\n`;
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
    rung: async (milliseconds: number) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => resolve(undefined);
        const timer = setTimeout(wake, milliseconds);
        await promise;
        clearTimeout(timer);
        wake = undefined;
      }
      rung = false;
    },
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDependencyFailure } from '@alva/service-kit';
import type { JobState } from '@alva/shared-types';
import type { JobEventsStore, StoredEvent } from './job-events.store.ts';

/** `later`: the database cannot say now. */
export type PageAnswer = JobPage | 'none' | 'later';

/** Some events of a job that follow each other, as they are sent. */
export interface JobPage {
  /** Shared by all who read it. */
  readonly bytes: Buffer;
  readonly lastSeq: number;
  /** What the newest `state` among them says. */
  readonly standing: Standing | undefined;
}

export interface Standing {
  readonly state: JobState;
  readonly attempt: number;
}

const pageSize = 200;

/**
 * Reads events for streams. A message wakes all watchers of a job in the same turn of the event loop, and whoever asks for
 * the same rows in that turn is given the same page: a hundred readers cost one statement. Who asks later, when the
 * statement may have been sent already, is asked for anew.
 */
export function createJobPages(events: Pick<JobEventsStore, 'after'>) {
  const asked = new Map<string, Promise<PageAnswer>>();

  async function read(jobId: string, seq: number, key: string): Promise<PageAnswer> {
    await nextTurn();
    asked.delete(key);
    try {
      return toPage(await events.after(jobId, seq, pageSize));
    } catch (error) {
      if (!isDependencyFailure(error)) throw error;
      return 'later';
    }
  }

  return function pageAfter(jobId: string, seq: number): Promise<PageAnswer> {
    const key = `${jobId} ${seq}`;
    const page = asked.get(key) ?? read(jobId, seq, key);
    asked.set(key, page);
    return page;
  };
}
export type PageAfter = ReturnType<typeof createJobPages>;

function toPage(rows: readonly StoredEvent[]): PageAnswer {
  const last = rows.at(-1);
  if (!last) return 'none';
  const state = rows.findLast(({ event }) => event === 'state');
  return {
    bytes: Buffer.from(rows.map(frame).join('')),
    lastSeq: last.seq,
    standing: state && (JSON.parse(state.data) as Standing),
  };
}

export function frame({ seq, event, data }: StoredEvent): string {
  return `id: ${seq}\nevent: ${event}\ndata: ${data}\n\n`;
}

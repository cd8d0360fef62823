import { isDependencyFailure } from '@alva/service-kit';
import { topics } from '@alva/shared-types';
import type { Topics } from '@alva/queue';
import type { Batch, JobEventsStore } from './job-events.store.ts';
import type { ProgressEvent, RunIdentity, Usage } from './job-definition.ts';
import { keepTrying } from './keep-trying.ts';

/** Long enough to spare the database, short enough that text still seems to be typed. */
const batchEvery = 100;

export interface JobEventsWriter {
  readonly emit: (event: ProgressEvent) => void;
  /** What the job has cost so far, written with the next batch. */
  readonly charge: (usage: Usage | undefined) => void;
  /** Everything emitted so far is written when it resolves. */
  flush(): Promise<void>;
}

export interface JobEventsWriterOptions {
  readonly store: JobEventsStore;
  readonly topics: Topics;
  readonly run: RunIdentity & { readonly lastSeq: number };
  readonly signal: AbortSignal;
  /** Another run has begun, or the job was ended: nothing of this one counts any more. */
  readonly onSuperseded: () => void;
  readonly onError: (error: unknown) => void;
  /** Milliseconds for which an outage of the database is waited out. */
  readonly patience?: number | undefined;
}

/** Writes the events of one run: batched rows first, then one message that says how far one can read. */
export function createJobEventsWriter({
  store,
  run,
  signal,
  onSuperseded,
  onError,
  ...options
}: JobEventsWriterOptions): JobEventsWriter {
  let lastSeq = run.lastSeq;
  let progress = { step: '', percent: 0 };
  let pending: ProgressEvent[] = [];
  let unwritten: Usage | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function emit(event: ProgressEvent): void {
    const last = pending.at(-1);
    if (last && continues(last, event)) pending.splice(-1, 1, joined(last, event));
    else pending.push(event);
    if (event.event === 'step') progress = event.data;
    soon();
  }

  function charge(usage: Usage | undefined): void {
    unwritten = usage;
    soon();
  }

  function soon(): void {
    timer ??= setTimeout(() => void flush().catch(onError), batchEvery);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // One batch at a time: while one is written, the next grows.
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  async function write(): Promise<void> {
    if ((pending.length === 0 && unwritten === undefined) || signal.aborted) return;
    const [told, usage] = [pending, unwritten];
    const events = told.map((event, index) => ({ seq: lastSeq + 1 + index, ...event }));
    pending = [];
    unwritten = undefined;
    const held = await appended({ events, progress, usage }).catch((error: unknown) => {
      // The next batch brings it along: a gap in the text could not be seen by its numbers.
      if (isDependencyFailure(error)) {
        pending = [...told, ...pending];
        unwritten ??= usage;
      }
      throw error;
    });
    if (!held) {
      onSuperseded();
      return;
    }
    lastSeq += events.length;
    if (events.length > 0) await announce(options.topics, run.jobId, lastSeq, onError);
  }

  /** A run is worth more than a short outage of the database. */
  function appended(batch: Batch): Promise<boolean> {
    const append = () => store.append(run, lastSeq, batch);
    return keepTrying(append, { signal, when: isDependencyFailure, patience: options.patience });
  }

  return { emit, charge, flush };
}

/** The rows are what counts: a message that cannot be sent only makes watchers see them a little later. */
export async function announce(
  sender: Topics,
  jobId: string,
  seq: number,
  onError: (error: unknown) => void,
): Promise<void> {
  await sender.publish(topics.jobEvents(jobId), { seq }).catch(onError);
}

type Delta = Extract<ProgressEvent, { event: 'delta' }>;

/** More text for the same part. A heading begins something new. */
function continues(last: ProgressEvent, next: ProgressEvent): boolean {
  return (
    last.event === 'delta' &&
    next.event === 'delta' &&
    last.data.part === next.data.part &&
    next.data.heading === undefined
  );
}

function joined(last: ProgressEvent, next: ProgressEvent): Delta {
  const [first, second] = [last as Delta, next as Delta];
  return { event: 'delta', data: { ...first.data, text: first.data.text + second.data.text } };
}

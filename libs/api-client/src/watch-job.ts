import { terminalJobStates, type JobState } from '@alva/shared-types';
import { type JobEvent, readServiceProblem, ServiceProblem } from '@alva/validation';
import { readEventStream } from './event-stream.ts';
import type { GetJobsByIdEventsData } from './generated/api/types.gen.ts';
import { InvalidJobEvent, isNumbered, readJobEvent } from './job-event-message.ts';
import { type Fetch, fillIn } from './request.ts';
import { pause, retryPause } from './retry-pause.ts';

export interface WatchJobOptions {
  /** Ends the watch, quietly. */
  signal?: AbortSignal | undefined;
  /** Number of the last event already known; the next ones follow. Default 0: all from the beginning. */
  lastEventId?: number;
  /** Told `true` whenever the stream is open, and `false` while it cannot be. Not of streams that the service ends to go on with the next. */
  onConnection?: (connected: boolean) => void;
}

export interface WatchTiming {
  /** Milliseconds without a byte after which a connection is given up. The server says something every 15 s. */
  silence: number;
  firstRetry: number;
  longestRetry: number;
}

export interface WatchContext {
  baseUrl: string;
  fetch: Fetch;
  getJob: (id: string) => Promise<{ state: JobState }>;
  /** Fires `online` when the network is back: `window` in a browser. */
  network: EventTarget | undefined;
  timing: WatchTiming;
}

/**
 * The events of a job in order, each once, up to the state that ends it. Lost connections, silent ones, outages and
 * expired tokens only delay them: the stream is opened again after the last event that came (`Last-Event-ID`).
 * Throws `ServiceProblem` when the service refuses (404: no such job; 401: signed out) and `InvalidJobEvent`.
 */
export async function* watchJob(
  context: WatchContext,
  jobId: string,
  { signal = new AbortController().signal, lastEventId = 0, onConnection }: WatchJobOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { timing, network } = context;
  const retry = { first: timing.firstRetry, longest: timing.longestRetry };
  const stopped = () => signal.aborted;
  let seen = lastEventId;
  let failures = 0;

  while (!stopped()) {
    const connection = createConnection(signal, timing.silence);
    let wait = 0;
    let inPeace = false;
    try {
      const body = await open(context, jobId, seen, connection);
      onConnection?.(true);
      let received = false;
      const stream = readEventStream(body, {
        onBytes: connection.heard,
        onRetry: (milliseconds) => (retry.first = milliseconds),
      });
      for await (const message of stream) {
        const event = readJobEvent(message, seen);
        if (event === undefined || (isNumbered(message) && event.seq <= seen)) continue;
        seen = event.seq;
        received = true;
        failures = 0;
        yield event;
        if (event.event === 'state' && isOver(event.data.state)) return;
      }
      // The server hung up in peace. Someone who resumes after the very last event would otherwise ask for ever.
      if (!received && isOver((await context.getJob(jobId)).state)) return;
      inPeace = received;
    } catch (error) {
      if (stopped()) return;
      if (!isPassing(error)) throw error;
      if (error instanceof ServiceProblem) wait = (error.retryAfter ?? 0) * 1000;
    } finally {
      connection.close();
    }
    if (!inPeace) onConnection?.(false);
    failures += 1;
    await pause(Math.max(wait, retryPause(failures, retry)), signal, network);
  }
}

const url: GetJobsByIdEventsData['url'] = '/jobs/{id}/events';

async function open({ baseUrl, fetch }: WatchContext, jobId: string, seen: number, { signal, heard }: Connection) {
  const response = await fetch(baseUrl + fillIn(url, { id: jobId }), {
    signal,
    cache: 'no-store',
    headers: { accept: 'text/event-stream', ...(seen > 0 ? { 'last-event-id': String(seen) } : {}) },
  });
  heard();
  if (!response.ok) throw await readServiceProblem(response);
  const type = response.headers.get('content-type') ?? '';
  // A captive portal answers 200 with a page of its own.
  if (!type.startsWith('text/event-stream') || response.body === null) throw new TypeError(`not a stream but ${type}`);
  return response.body;
}

/** Whether trying again may help: no answer at all, too many requests, or a service that is down. */
function isPassing(error: unknown): boolean {
  if (error instanceof ServiceProblem) return error.status === 429 || error.status >= 500;
  return !(error instanceof InvalidJobEvent);
}

function isOver(state: JobState): boolean {
  return (terminalJobStates as readonly JobState[]).includes(state);
}

type Connection = ReturnType<typeof createConnection>;

/** Aborts when the watch does, or when nothing was heard for a while: a sleeping laptop's socket never says that it died. */
function createConnection(watch: AbortSignal, silence: number) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer = setTimeout(abort, silence);
  watch.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, silence);
    },
    close: () => {
      clearTimeout(timer);
      watch.removeEventListener('abort', abort);
      abort();
    },
  };
}

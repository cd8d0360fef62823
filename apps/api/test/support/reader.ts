import type { ReceivedEvent } from '@alva/testing';
import type { Person } from './person.ts';

export interface Reader {
  /** Every numbered event that came, in the order in which it came. */
  readonly events: ReceivedEvent[];
  /** Resolves when the end of the job was heard. */
  readonly done: Promise<void>;
}

/** Watches a job to its end as a browser does: whenever the stream breaks, or cannot be opened, it comes back after the last number. */
export function keepReading(person: () => Person, jobId: string): Reader {
  const events: ReceivedEvent[] = [];
  const isDone = () => events.at(-1)?.event === 'state' && isTerminal(events.at(-1));

  async function read(): Promise<void> {
    while (!isDone()) {
      const last = events.at(-1)?.id;
      try {
        for await (const event of person().watch(jobId, last === undefined ? {} : { after: last }))
          if (event.id !== undefined) events.push(event);
      } catch {
        // The api is away, or was killed in the middle of an event.
      }
    }
  }
  return { events, done: read() };
}

function isTerminal(event: ReceivedEvent | undefined): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(String(event?.data['state']));
}

/** The text of one part as a reader has it in the end: a new attempt begins it anew. */
export function textOf(events: readonly ReceivedEvent[], part: string): string {
  let text = '';
  let attempt = 0;
  for (const { event, data } of events) {
    if (event === 'state' && Number(data['attempt']) > attempt) {
      attempt = Number(data['attempt']);
      text = '';
    }
    if (event === 'delta' && data['part'] === part) text += String(data['text']);
  }
  return text;
}

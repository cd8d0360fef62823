import { jobEventTypes, type JobEventType } from '@alva/shared-types';
import { jobEvent, type JobEvent } from '@alva/validation';
import type { EventSourceMessage } from 'eventsource-parser';

/** The service sent an event that breaks its own description. Asking again would bring the same one. */
export class InvalidJobEvent extends Error {
  override readonly name = 'InvalidJobEvent';
}

/** Whether the message has a number of the job's history; the place in line is told without one. */
export function isNumbered(message: EventSourceMessage): boolean {
  return message.id !== undefined && message.id !== '';
}

/**
 * The job event in a message, or undefined for kinds of events this copy does not know yet.
 * An unnumbered one gets the number of the event before it. Throws `InvalidJobEvent`.
 */
export function readJobEvent(message: EventSourceMessage, previousSeq: number): JobEvent | undefined {
  if (!jobEventTypes.includes(message.event as JobEventType)) return undefined;
  const seq = isNumbered(message) ? Number(message.id) : previousSeq;
  const { data, error } = jobEvent.safeParse({ seq, event: message.event, data: parseJson(message.data) });
  if (error) throw new InvalidJobEvent(`event ${seq} (${String(message.event)}) is not valid`, { cause: error });
  return data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { type JobState } from '@alva/shared-types';
import { draftPart, type DraftPart, type JobEvent } from '@alva/validation';

export interface WrittenPart {
  part: DraftPart;
  heading: string;
  text: string;
}

/** All that a job's events have told so far. */
export interface JobProgress {
  /** Number of the last event. */
  seq: number;
  /** Null until the first event is there. */
  state: JobState | null;
  attempt: number;
  /** Place in line while queued. */
  position: number | null;
  /** Named steps in the order they began; the last one is under way. */
  steps: string[];
  percent: number;
  parts: WrittenPart[];
  /** What earlier attempts had written, shown until the present one has something of its own. */
  earlierParts: WrittenPart[];
  error: { code: string; detail: string } | null;
}

export const noProgress: JobProgress = {
  seq: 0,
  state: null,
  attempt: 0,
  position: null,
  steps: [],
  percent: 0,
  parts: [],
  earlierParts: [],
  error: null,
};

export function advance(progress: JobProgress, event: JobEvent): JobProgress {
  // Told again after a new start of the stream. Only the place in line comes without a number of its own.
  const known = event.event === 'state' ? event.seq < progress.seq : event.seq <= progress.seq;
  return known ? progress : { ...apply(progress, event), seq: event.seq };
}

function apply(progress: JobProgress, event: JobEvent): JobProgress {
  switch (event.event) {
    case 'state': {
      const { state, attempt, position } = event.data;
      const afresh = attempt > progress.attempt && progress.attempt > 0;
      return {
        ...progress,
        ...(afresh && {
          steps: [],
          percent: 0,
          parts: [],
          earlierParts: progress.parts.length > 0 ? progress.parts : progress.earlierParts,
        }),
        state,
        attempt,
        position: position ?? null,
      };
    }
    case 'step': {
      const { step, percent } = event.data;
      const steps = progress.steps.at(-1) === step ? progress.steps : [...progress.steps, step];
      return { ...progress, steps, percent };
    }
    case 'delta':
      return { ...progress, parts: append(progress.parts, event.data) };
    case 'error':
      return { ...progress, error: event.data };
    case 'result':
      return { ...progress, percent: 100 };
  }
}

function append(
  parts: WrittenPart[],
  delta: { part: string; heading?: string | undefined; text: string },
): WrittenPart[] {
  const { data: part } = draftPart.safeParse(delta.part);
  // Nothing that this page could show.
  if (part === undefined) return parts;
  const known = parts.some((written) => written.part === part);
  if (!known) return [...parts, { part, heading: delta.heading ?? '', text: delta.text }];
  return parts.map((written) =>
    written.part === part
      ? { ...written, heading: delta.heading ?? written.heading, text: written.text + delta.text }
      : written,
  );
}

export function isOver(state: JobState | null): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

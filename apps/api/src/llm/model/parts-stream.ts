import type { AssistantRun } from '../assistant.ts';
import { plainText } from './plain-text.ts';

export interface PartOptions {
  readonly heading?: string | undefined;
  readonly onBegin?: (() => void) | undefined;
}

/** Turns texts that grow into events: each time what was added to the one that is being written. */
export function createPartsStream<Part extends string>(emit: AssistantRun<Part>['emit']) {
  const written = new Map<Part, number>();

  return {
    begun: () => written.size,
    grow(part: Part, text: string, { heading, onBegin }: PartOptions = {}): void {
      const before = written.get(part);
      // Half of a surrogate pair waits for its other half.
      const whole = /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
      const added = plainText(whole.slice(before ?? 0));
      if (before === undefined) onBegin?.();
      written.set(part, Math.max(before ?? 0, whole.length));
      if (before === undefined && heading !== undefined)
        emit({ event: 'delta', data: { part, heading: plainText(heading).slice(0, 200).toWellFormed(), text: added } });
      else if (added !== '') emit({ event: 'delta', data: { part, text: added } });
    },
  };
}

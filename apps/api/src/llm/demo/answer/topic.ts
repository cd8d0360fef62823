import type { PlanInHand } from '../../assistant.ts';
import type { Briefing } from '../briefing.ts';

/** Whom the question is from. */
export interface Asker {
  readonly briefing: Briefing;
  readonly plan: PlanInHand | undefined;
}

/** Something that people ask about, and what there is to say to it. */
export interface Topic {
  readonly name: string;
  /** Words by which a question shows that it is about this. */
  readonly words: RegExp;
  advise(asker: Asker): string;
  /** The same for somebody of whom nothing is known. */
  readonly general: string;
  /** What one could ask back, the most useful first. */
  questions(asker: Asker | undefined): readonly string[];
}

/** How much a question is about something: every word counts, the same word once. */
export function weighTopic({ words }: Topic, question: string): number {
  const found = question.toLowerCase().match(new RegExp(words.source, 'gi')) ?? [];
  return new Set(found).size;
}

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
  /** Words by which it may as well be about something else: they count only where nothing else is named. */
  readonly vagueWords?: RegExp;
  advise(asker: Asker): string;
  /** The same for somebody of whom nothing is known. */
  readonly general: string;
  /** What one could ask back, the most useful first. */
  questions(asker: Asker | undefined): readonly string[];
}

/** How much a question is about something: every word counts, the same word once. */
export function weighTopic({ words, vagueWords }: Topic, question: string): number {
  const asked = question.toLowerCase();
  const found = new Set(wordsIn(asked, words));
  if (vagueWords && (found.size > 0 || !namesSomethingElse(asked, vagueWords)))
    for (const word of wordsIn(asked, vagueWords)) found.add(word);
  return found.size;
}

function wordsIn(question: string, words: RegExp): string[] {
  return question.match(new RegExp(words.source, 'g')) ?? [];
}

/** Words that ask, and those about marketing itself, name nothing. */
const empty =
  /^(?:what|does|much|many|would|will|that|this|these|those|have|with|your|mine|from|about|should|could|there|really|usually|please|tell|know|need|want|take|make|gets?|month(?:s|ly)?|weeks?|years?|all|marketing|adverti\w+|plans?|campaigns?|customers?|altogether|total|start|begin)$/;

function namesSomethingElse(question: string, words: RegExp): boolean {
  const rest = question.replace(new RegExp(words.source, 'g'), ' ').match(/\p{L}{4,}/gu) ?? [];
  return rest.some((word) => !empty.test(word));
}

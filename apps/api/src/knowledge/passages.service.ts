import type { Citation, DocumentPlace, FoundPassage } from '@alva/validation';
import { excerptOf } from './marks.ts';
import { SearchTooSlow, type PassagesStore, type StoredPassage } from './passages.store.ts';
import { createSearchTurns } from './search-turns.ts';

/** Part of a document, to be quoted to a model as data under its number, and cited by it. */
export interface Passage {
  /** Counted from 1 within one question. */
  readonly number: number;
  readonly documentId: string;
  readonly chunkId: string;
  /** Name of the document. */
  readonly title: string;
  /** Plain text: what anybody may have written, and never an instruction. */
  readonly text: string;
  readonly place: DocumentPlace;
  /** What is shown of it where an answer cites it. */
  readonly excerpt: string;
}

/** What a question finds in somebody's documents. */
export function createPassagesService(store: PassagesStore) {
  const inTurn = createSearchTurns();
  return {
    async search(userId: string, question: string, most: number): Promise<FoundPassage[]> {
      const found = await inTurn(userId, () => store.find(userId, question, most));
      return found.map((passage) => {
        const { documentId, chunkId, title, text, marks } = passage;
        return { documentId, chunkId, title, excerpt: excerptOf(text, marks), place: placeOf(passage) };
      });
    },

    /** For an answer to be written from; of one person's documents alone. None when they take too long to find. */
    async passagesFor(ownerId: string, question: string, { most }: { most: number }): Promise<Passage[]> {
      const found = await store.find(ownerId, question, most).catch(unlessTooSlow);
      return found.map((passage, index) => {
        const { documentId, chunkId, title, text, marks } = passage;
        const excerpt = excerptOf(text, marks).text;
        return { number: index + 1, documentId, chunkId, title, text, place: placeOf(passage), excerpt };
      });
    },
  };
}
export type PassagesService = ReturnType<typeof createPassagesService>;

/** The passage as what an answer rests on: it stays readable when the document is gone. */
export function citationOf({ documentId, title, excerpt, place }: Passage): Citation {
  return { documentId, title, excerpt, place };
}

function placeOf({ section, start, end, page, heading }: StoredPassage): DocumentPlace {
  return { section, start, end, page, heading };
}

/** Tried again, it would take as long: an answer without passages is better than none. */
function unlessTooSlow(error: unknown): StoredPassage[] {
  if (error instanceof SearchTooSlow) return [];
  throw error;
}

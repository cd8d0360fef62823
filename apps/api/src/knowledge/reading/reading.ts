import type { TextLanguage } from '@alva/shared-types';

/** What a document is made of: a page, or what stands under one heading. */
export interface Section {
  readonly page: number | null;
  /** The heading and those above it, outermost first. */
  readonly heading: string[];
  readonly text: string;
}

/** A stretch of a section that is found and quoted as a whole. */
export interface Chunk {
  /** Which section, counted from 0. */
  readonly section: number;
  readonly start: number;
  readonly end: number;
  readonly language: TextLanguage;
}

export interface Reading {
  readonly sections: Section[];
  readonly chunks: Chunk[];
}

/** Why a file cannot be read, as far as trying again would not help. */
export type ReadingFailure = 'encrypted' | 'damaged' | 'without-text' | 'too-long' | 'too-complex';

export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
  readonly why: ReadingFailure;

  constructor(why: ReadingFailure, cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** Of the text of one document, in characters: a book of a thousand pages. */
export const longestText = 2_000_000;

/** Of one document. Its text alone makes four fifths of them at most; the rest is for pages and headings with little below. */
export const mostChunks = 5_000;

import type { DocumentMediaType } from '@alva/shared-types';
import type { Reading, ReadingFailure } from './reading.ts';

/** What one file may take. */
export interface ReadingLimits {
  /** Of a processor's time: what a busy machine does slowly is not the file's fault. */
  readonly seconds: number;
}

/** What a reader process is given, once. */
export interface ReaderTask {
  readonly mediaType: DocumentMediaType;
  readonly bytes: Uint8Array;
  readonly limits: ReadingLimits;
}

/** What it says, once. */
export type ReaderAnswer = { readonly reading: Reading } | { readonly failure: ReadingFailure };

/** The signal that ends a reader which takes too much: nobody else sends it. */
export const tooMuch = 'SIGUSR2';

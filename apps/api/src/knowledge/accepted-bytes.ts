import type { DocumentMediaType } from '@alva/shared-types';
import { tryDecodeText } from './reading/decode-text.ts';

/** PDF readers look for the mark that far, and files with something before it are about. */
const markWithin = 1024;

/** What is wrong with these bytes as a file of that type; undefined when it looks like one. */
export function objectionTo(mediaType: DocumentMediaType, bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'is empty';
  if (mediaType === 'application/pdf')
    return bytes.subarray(0, markWithin).includes('%PDF-') ? undefined : 'is not a PDF';
  return tryDecodeText(bytes) === undefined ? 'is not text in UTF-8 or in UTF-16 with a byte order mark' : undefined;
}

import type { DocumentMediaType } from '@alva/shared-types';
import { decodeText } from './decode-text.ts';
import { detectLanguage } from './language.ts';
import { longestText, mostChunks, type Reading, type Section, UnreadableDocument } from './reading.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readPlainText } from './read-plain-text.ts';
import { splitSection } from './split-section.ts';

type Bytes = Uint8Array<ArrayBuffer>;

type Reader = (bytes: Bytes) => Section[] | Promise<Section[]>;

const readers: Record<DocumentMediaType, () => Reader | Promise<Reader>> = {
  'text/plain': () => (bytes) => readPlainText(decodeText(bytes)),
  'text/markdown': () => (bytes) => readMarkdown(decodeText(bytes)),
  'text/html': () => (bytes) => readHtml(decodeText(bytes)),
  // Loaded for those who need it: it is large.
  'application/pdf': async () => (await import('./read-pdf.ts')).readPdf,
};

/** Loads what it takes to read files of a type, and so that nothing needs to be loaded when one is read. */
export async function loadReader(mediaType: DocumentMediaType): Promise<(bytes: Bytes) => Promise<Reading>> {
  const reader = await readers[mediaType]();
  return async (bytes) => splitIntoChunks(await reader(bytes));
}

/** The text of a document and the passages it is found by. Throws UnreadableDocument. */
function splitIntoChunks(sections: Section[]): Reading {
  if (sections.length === 0) throw new UnreadableDocument('without-text');
  if (sections.reduce((sum, { text }) => sum + text.length, 0) > longestText) throw new UnreadableDocument('too-long');
  const whole = detectLanguage(sections.map(({ text }) => text).join('\n'), 'simple');
  const chunks = sections.flatMap(({ text }, section) =>
    splitSection(text).map(({ start, end }) => {
      return { section, start, end, language: detectLanguage(text.slice(start, end), whole) };
    }),
  );
  if (chunks.length > mostChunks) throw new UnreadableDocument('too-long');
  return { sections, chunks };
}

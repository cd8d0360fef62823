import { getDocument, PasswordException } from 'unpdf/pdfjs';
import { createOutline } from './outline.ts';
import { joinLines, type TextItem } from './pdf-lines.ts';
import { type Section, UnreadableDocument } from './reading.ts';

const mostPages = 5_000;

/** A section for each page that has text. Nothing is rendered, and nothing but these bytes is read. */
export async function readPdf(bytes: Uint8Array<ArrayBuffer>): Promise<Section[]> {
  const outline = createOutline();
  const pdf = await openPdf(bytes);
  if (pdf.numPages > mostPages) throw new UnreadableDocument('too-long');
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    outline.write(joinLines(items.filter((item): item is typeof item & TextItem => 'str' in item)));
    outline.closePage(number);
    page.cleanup();
  }
  return outline.close();
}

async function openPdf(data: Uint8Array<ArrayBuffer>) {
  try {
    return await getDocument({
      data,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      useWasm: false,
      enableXfa: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      verbosity: 0,
    }).promise;
  } catch (error) {
    throw new UnreadableDocument(error instanceof PasswordException ? 'encrypted' : 'damaged', error);
  }
}

import { deflateSync } from 'node:zlib';

/** The bytes of a PDF with these lines on its pages, one line under the other. */
export function makePdf(pages: readonly (readonly string[])[]): Buffer {
  return pdfOf(pages.map((lines) => textStream(lines)));
}

/** A page that has lines and areas on it, but no letters. */
export function makePictureOnlyPdf(): Buffer {
  return pdfOf([stream(Buffer.from('0 0 200 200 re f'))]);
}

/** Small, and four gibibytes as soon as it is unpacked. */
export function makeBombPdf(): Buffer {
  const layer = deflateSync(Buffer.alloc(2 ** 27, ' '), { level: 9 });
  const packed = deflateSync(Buffer.concat(Array.from({ length: 32 }, () => layer)), { level: 9 });
  return pdfOf([stream(packed, '/Filter [/FlateDecode /FlateDecode]')]);
}

/** Ten drawings in each of which the next is drawn ten times: ten thousand million words. */
export function makeEndlessPdf(): Buffer {
  const depth = 10;
  const drawings = Array.from({ length: depth }, (_, index) => {
    const resources = `/Resources << /Font << /F1 3 0 R >> /XObject << /X ${5 + index} 0 R >> >>`;
    const content = index < depth - 1 ? '/X Do '.repeat(10) : 'BT /F1 12 Tf (ha) Tj ET';
    return stream(Buffer.from(content), `/Type /XObject /Subtype /Form /BBox [0 0 600 800] ${resources}`);
  });
  return pdfOf([stream(Buffer.from('/X Do '.repeat(10)))], { shared: drawings });
}

/** Asks for a password that nobody knows. */
export function makeEncryptedPdf(): Buffer {
  const secret = 'x'.repeat(32);
  const encryption = `<< /Filter /Standard /V 1 /R 2 /O (${secret}) /U (${secret}) /P -4 >>`;
  return pdfOf([textStream(['Locked away'])], {
    shared: [encryption],
    trailer: '/Encrypt 4 0 R /ID [(0123456789abcdef)(0123456789abcdef)]',
  });
}

type PdfObject = string | Buffer;

interface Extras {
  /** Objects from number 4 on; each page knows the first one as the drawing X. */
  readonly shared?: readonly PdfObject[];
  readonly trailer?: string;
}

function pdfOf(contents: readonly PdfObject[], { shared = [], trailer = '' }: Extras = {}): Buffer {
  const firstPage = 4 + shared.length;
  const kids = contents.map((_, index) => `${firstPage + 2 * index} 0 R`).join(' ');
  const resources = '<< /Font << /F1 3 0 R >> /XObject << /X 4 0 R >> >>';
  const pages = contents.flatMap((content, index) => [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources ${resources} /Contents ${firstPage + 2 * index + 1} 0 R >>`,
    content,
  ]);
  return serialise(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
      ...shared,
      ...pages,
    ],
    trailer,
  );
}

function serialise(objects: readonly PdfObject[], trailer: string): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    offsets.push(length);
    length += part.length;
    parts.push(part);
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n`;
  return Buffer.concat([...parts, Buffer.from(`${table}startxref\n${length}\n%%EOF\n`)]);
}

function textStream(lines: readonly string[]): Buffer {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj 0 -14 Td`).join('\n');
  return stream(Buffer.from(`BT /F1 12 Tf 50 750 Td\n${shown}\nET`, 'latin1'));
}

function stream(data: Buffer, entries = ''): Buffer {
  return Buffer.concat([
    Buffer.from(`<< /Length ${data.length} ${entries} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
}

import { isUtf8 } from 'node:buffer';

/** The text of these bytes: UTF-8, or UTF-16 where a byte order mark says so. Undefined when they are neither. */
export function tryDecodeText(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && !isUtf8(bytes)) return undefined;
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // No text has one; nearly every other file does.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

export function decodeText(bytes: Uint8Array): string {
  const text = tryDecodeText(bytes);
  if (text === undefined) throw new TypeError('These bytes are no text');
  return text;
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

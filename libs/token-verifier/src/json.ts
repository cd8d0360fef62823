import { isUtf8 } from 'node:buffer';

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object that these bytes are the one compact spelling of, or undefined. That leaves no room for repeated members
 * (RFC 7519 section 4), white space, escapes or broken UTF-8, which two parsers may read differently.
 */
export function readCompactObject(bytes: Buffer | undefined): Record<string, unknown> | undefined {
  if (bytes === undefined || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const value = parse(text);
  return isObject(value) && JSON.stringify(value) === text ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { z } from 'zod';

/**
 * Whether a browser that is told to go to this path stays on the site: one leading slash, never two of any kind,
 * also once dot segments are resolved, no backslash, no control characters or spaces that parsers drop, also not hidden
 * behind percent encoding.
 */
export function isLocalPath(value: string): boolean {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return false;
  const { pathname } = new URL(value, 'https://here.invalid');
  return !pathname.startsWith('//') && !/%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i.test(pathname);
}

/** Where to go after sign-in: a path of the web app, or an absolute URL whose origin the service allows. */
export const redirectTarget = z
  .string()
  .max(2000)
  .refine((value) => isLocalPath(value) || isPlainUrl(value), 'must be a path like /plans or an absolute https URL');

/** The characters of isLocalPath without the @ that hides a host: all else is written percent-encoded, as in any URL. */
function isPlainUrl(value: string): boolean {
  if (!/^https?:\/\/(?!\/)[\x21-\x3f\x41-\x5b\x5d-\x7e]+$/.test(value)) return false;
  return URL.canParse(value) && new URL(value).username === '';
}

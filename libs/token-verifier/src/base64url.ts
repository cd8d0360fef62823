/**
 * Decodes base64url without padding (RFC 7515 section 2), or returns undefined for any other spelling of the same
 * bytes: padding, the plain base64 alphabet, white space, left-over bits that are not zero (RFC 4648 section 3.5).
 */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

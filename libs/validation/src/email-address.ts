import { z } from 'zod';

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(`^${atom}(\\.${atom})*$`);
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * The one spelling under which an address is stored, compared and mailed: the domain in lower case and as A-label
 * (RFC 5321 section 2.4: domains ignore case; RFC 5891), the local part untouched, because only the mailbox's own
 * host knows whether two spellings of it mean the same box.
 * Returns undefined for everything that is not exactly one plain dot-atom address: quoted local parts, comments, lists,
 * display names, address literals, look-alike characters that would turn into others on the way.
 */
export function canonicalEmailAddress(value: string): string | undefined {
  if (value.length > 254) return undefined;
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  if (at < 1 || local.length > 64 || !localPart.test(local)) return undefined;
  const domain = asciiDomain(value.slice(at + 1));
  if (domain === undefined || !domainName.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  // As an A-label a domain is longer than it was typed.
  return address.length > 254 ? undefined : address;
}

/** RFC 5895 section 2: what a keyboard writes as letter and accent is composed, what only looks like a letter is not taken. */
function asciiDomain(typed: string): string | undefined {
  const domain = typed.normalize('NFC');
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) || domain.normalize('NFKC') !== domain) return undefined;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}

/** An e-mail address in its canonical spelling (see `canonicalEmailAddress`); anything else is refused. */
export const emailAddress = z
  .string()
  .max(254)
  .overwrite((value) => canonicalEmailAddress(value) ?? '')
  .min(3, 'must be a single e-mail address like name@example.com')
  .describe('One e-mail address, like name@example.com');

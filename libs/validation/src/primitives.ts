import { z } from 'zod';

/** Identifier of any stored thing: a UUID, taken in any case (RFC 9562, section 4) and in lower case from then on. */
export const identifier = z.uuid().toLowerCase();

/** A moment, ISO 8601 in UTC with milliseconds, as every answer writes it. */
export const timestamp = z.iso.datetime();

/** Text a person typed: no control characters but line breaks and tabs, no half surrogate pairs (Postgres stores neither), trimmed, not empty. */
export function text(maximumLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maximumLength)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, 'must not contain control characters or half characters');
}

/** Like `text`, on one line, and without what hides text or turns it around; joiners and marks of direction are how scripts and emoji are written. */
export function line(maximumLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maximumLength)
    .regex(
      /^(?:[^\p{Cc}\p{Cs}\p{Cf}]|[\u200c-\u200f])*$/u,
      'must be a single line without control, hidden or half characters',
    );
}

/** A day of the calendar, such as when something is due; of years that a plan can be about and Postgres can store. */
export const day = z.iso
  .date('must be a day of the calendar like 2027-03-31')
  .refine((value) => value >= '2000-01-01' && value <= '2100-12-31', 'must be between 2000 and 2100');

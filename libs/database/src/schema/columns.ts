import { customType, timestamp } from '../drizzle.ts';

/** Raw bytes: hashes and sealed values. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** A moment with time zone, read and written as `Date`. */
export function moment(name: string) {
  return timestamp(name, { withTimezone: true, mode: 'date' });
}

/** The words of a text by their stems, as Postgres searches them. Written by Postgres alone. */
export const tsvector = customType<{ data: never; driverData: never }>({ dataType: () => 'tsvector' });

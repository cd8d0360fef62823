import { identifier, type PageQuery } from '@alva/validation';
import { z } from 'zod';
import { ProblemError } from '../problems/problem-error.ts';

/** The part of a list to read: newest first, from behind the given position on. */
export interface Slice<Position = string> {
  readonly limit: number;
  readonly before: Position | undefined;
}

/** What a list is ordered by. No two items share a position, so rows that come meanwhile move no page. */
export interface ListOrder<Item, Position> {
  readonly position: z.ZodType<Position>;
  readonly positionOf: (item: Item) => Position;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A page of things that are ordered by their identifiers, which grow with time. Throws 422 on a foreign cursor. */
export function readPage<Item extends { id: string }>(
  query: PageQuery,
  read: (slice: Slice) => Promise<Item[]>,
): Promise<Page<Item>> {
  return readPageBy({ position: identifier, positionOf: ({ id }: Item) => id }, query, read);
}

/** Reads one item more than asked for, to know whether there is another page. Throws 422 on a foreign cursor. */
export async function readPageBy<Item, Position>(
  { position, positionOf }: ListOrder<Item, Position>,
  { limit, cursor }: PageQuery,
  read: (slice: Slice<Position>) => Promise<Item[]>,
): Promise<Page<Item>> {
  const before = cursor === undefined ? undefined : decodeCursor(position, cursor);
  const found = await read({ limit: limit + 1, before });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? encodeCursor(positionOf(last)) : null };
}

/** Opaque on purpose: nobody should build one, so that it may change. */
function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decodeCursor<Position>(schema: z.ZodType<Position>, cursor: string): Position {
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  // In one spelling only: what we did not write ourselves is no cursor.
  if (parsed.success && encodeCursor(parsed.data) === cursor) return parsed.data;
  throw new ProblemError('validation-failed', {
    errors: [{ pointer: '#/query/cursor', detail: 'This is no cursor of a list' }],
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const nobodysIdentifier = '00000000-0000-0000-0000-000000000000';

/** The path of one thing. What cannot be an identifier is nobody's, hence the same 404 as any other unknown one. */
export const thingParams = z.object({ id: identifier.catch(nobodysIdentifier) });

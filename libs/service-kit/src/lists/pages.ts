import { ProblemError } from '../problems/problem-error.ts';
import { identifier, type PageQuery } from '@alva/validation';
import { z } from 'zod';

/** The part of a list to read: newest first, older than the given identifier. */
export interface Slice {
  readonly limit: number;
  readonly before: string | undefined;
}

/** Reads one item more than asked for, to know whether there is another page. */
export async function readPage<Item extends { id: string }>(
  { limit, cursor }: PageQuery,
  read: (slice: Slice) => Promise<Item[]>,
): Promise<{ items: Item[]; nextCursor: string | null }> {
  const found = await read({ limit: limit + 1, before: cursor === undefined ? undefined : decodeCursor(cursor) });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? encodeCursor(last.id) : null };
}

/** Opaque on purpose: nobody should build one, so that it may change. */
function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function decodeCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (identifier.safeParse(id).success) return id;
  throw new ProblemError('validation-failed', {
    errors: [{ pointer: '#/query/cursor', detail: 'This is no cursor of a list' }],
  });
}

const nobodysIdentifier = '00000000-0000-0000-0000-000000000000';

/** The path of one thing. What cannot be an identifier is nobody's, hence the same 404 as any other unknown one. */
export const thingParams = z.object({ id: identifier.catch(nobodysIdentifier) });

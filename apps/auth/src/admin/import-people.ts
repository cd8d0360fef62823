import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ConfigError } from '@alva/service-kit';
import { emailAddress, line } from '@alva/validation';
import { z } from 'zod';
import { readForeignHash } from '../passwords/foreign-hashes.ts';
import { type Stores } from '../stores.ts';
import { type NewPerson } from './import.store.ts';

const exportedPerson = z.strictObject({
  email: emailAddress,
  emailVerified: z.boolean().default(false),
  name: line(100).nullish(),
  passwordHash: z.unknown().optional(),
});

const batchSize = 500;
const longestLine = 65_536;
/** Numbers of refused lines that are shown. */
const mostShown = 50;

/**
 * Makes an account of each line of a file, one JSON object a line; see docs/operations/importing-people.md. May be run again:
 * whoever is here keeps what they have. Resolves with the lines to print, which name refused lines by number and reason and never
 * what is in them.
 */
export async function importPeople(stores: Pick<Stores, 'imports'>, path: string): Promise<string[]> {
  const refused: string[] = [];
  const seen = new Set<string>();
  let [batch, number, made, present]: [NewPerson[], number, number, number] = [[], 0, 0, 0];

  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    const inserted = await stores.imports.insert(batch);
    made += inserted;
    present += batch.length - inserted;
    batch = [];
  }

  for await (const text of readLines(path)) {
    number += 1;
    if (text.trim() === '') continue;
    const read = readPerson(text);
    if (typeof read === 'string') refused.push(`line ${number}: ${read}`);
    else if (seen.has(read.email)) refused.push(`line ${number}: the address was in the file before`);
    else {
      seen.add(read.email);
      batch.push(read);
    }
    if (batch.length === batchSize) await flush();
  }
  await flush();
  const shown = refused.slice(0, mostShown);
  return [
    `${made} imported, ${present} here already and left as they are, ${refused.length} lines refused.`,
    ...shown,
    ...(refused.length > shown.length ? [`and ${refused.length - shown.length} more`] : []),
  ];
}

async function* readLines(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new ConfigError(`${path} could not be read: ${reason}.`);
  }
}

/** Whom it is about, or why not. */
function readPerson(text: string): NewPerson | string {
  if (text.length > longestLine) return 'it is longer than 64 KiB';
  const json = parseJson(text);
  if (json === undefined) return 'it is no JSON';
  const { data, error } = exportedPerson.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    // Names of fields are known; of others only that they are there.
    const field = issue?.path.join('.');
    return field ? `"${field}" is not valid` : 'it is no object with email, emailVerified, name and passwordHash alone';
  }
  const { email, emailVerified, name = null, passwordHash = null } = data;
  const hash = passwordHash === null ? null : readForeignHash(passwordHash);
  if (hash === undefined) return 'the hash is of no kind that is understood, or would cost too much';
  return { email, emailVerified, name: name ?? null, hash };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { generateKeyPairSync } from 'node:crypto';
import { type TestDatabase } from '@alva/testing';

export interface KeyRow {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly private_sealed: Buffer | null;
}

/** The ring as the table has it, in the order the keys sign. */
export function readRing({ sql }: TestDatabase): Promise<KeyRow[]> {
  return sql<KeyRow[]>`
    select kid, state, private_sealed from auth.signing_keys order by activated_at nulls last, retired_at`;
}

/** How many keys are in which state. */
export async function countStates(database: TestDatabase): Promise<Record<string, number>> {
  const states = Map.groupBy(await readRing(database), ({ state }) => state);
  return Object.fromEntries([...states].map(([state, keys]) => [state, keys.length]));
}

/** What the audit trail says of the ring, in order: event, cause and the key it is about. */
export function readKeyTrail({ sql }: TestDatabase): Promise<{ event: string; cause: string; kid: string }[]> {
  return sql<{ event: string; cause: string; kid: string }[]>`
    select event, detail->>'cause' as cause, detail->>'kid' as kid from auth.audit_events
    where event like 'key%' order by id`;
}

/** A private key in PEM, as operators have them. */
export function newPem(namedCurve = 'P-256'): string {
  return generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

import type { TcpProxy } from '@alva/testing';
import { createGate } from './settle.ts';
import type { Stack } from './stack.ts';

/** A change of a job's row: the event of a trigger, and its condition. */
export interface Change {
  readonly event: 'insert' | 'update';
  readonly when: string;
}

/**
 * From now on the first commit that changes a job so is done and its answer lost: it is held until no answer comes through
 * the line any more. `lost` resolves when it has happened and the line is mended.
 */
export async function loseAnswerOf(
  { event, when }: Change,
  { database: { sql } }: Stack,
  line: TcpProxy,
): Promise<{ lost: Promise<void> }> {
  await sql`
    create function app.hold() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(35); return null; end'`;
  await sql.unsafe(`
    create constraint trigger hold after ${event} on app.jobs deferrable initially deferred
    for each row when (${when}) execute function app.hold()`);
  const ready = createGate();
  async function lose(): Promise<void> {
    await sql.begin(async (holder) => {
      await holder`select pg_advisory_xact_lock(35)`;
      ready.open();
      const isHeld = () => holder`
        select from pg_locks join pg_database d on d.oid = database
        where locktype = 'advisory' and not granted and d.datname = current_database()`;
      while ((await isHeld()).length === 0);
      line.loseAnswers();
    });
    // Whoever was held keeps the lock until the commit is done.
    await sql`select pg_advisory_xact_lock(35)`;
    line.cut();
    await sql`drop function app.hold() cascade`;
    line.restore();
  }
  const lost = lose();
  await ready.passed;
  return { lost };
}

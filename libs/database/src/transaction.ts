import type pg from 'pg';
import { tooLate, type Parameter, type RunStatement } from './statement.ts';

/** Of the time a caller waits; what remains is for the commit, whose answer cannot be called off any more. */
const shareOfWork = 0.6;

/**
 * Runs `work` between begin and commit. When it rejects, or the connection is lost, nothing of it remains; nor does
 * anything once the caller was told that it took too long, unless it was the commit alone that took so long.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  patienceMs: number,
  work: (run: RunStatement) => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patienceMs * shareOfWork;
  const refuseWhenLate = () => {
    if (performance.now() >= deadline) throw tooLate(patienceMs);
  };
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate(patienceMs)), patienceMs);
  const done = commit(pool, async (run) => {
    refuseWhenLate();
    const result = await work(run);
    refuseWhenLate();
    return result;
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function commit<Result>(pool: pg.Pool, work: (run: RunStatement) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(statementsOf(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection that cannot even be rolled back is not given to anyone else; Postgres rolls back when it ends.
    await client.query('rollback').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

function statementsOf(client: pg.PoolClient): RunStatement {
  return async <Row extends object>(text: string, parameters: readonly Parameter[] = []) =>
    (await client.query<Row>(text, [...parameters])).rows;
}

/** A connection that does not answer in time is ended, so that neither its transaction nor the pool goes on waiting for it. */
export function abandonWhenSilent(client: pg.PoolClient): void {
  client.on('error', () => undefined);
  const ask = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  const query = (...parameters: unknown[]) => {
    const answer = ask(...parameters);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (error instanceof Error && error.message === 'Query read timeout') void client.end();
      });
    }
    return answer;
  };
  client.query = query as typeof client.query;
}

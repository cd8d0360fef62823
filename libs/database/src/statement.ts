import type postgres from 'postgres';

/** JSON is given as text. */
export type Parameter = string | number | boolean | Buffer | Date | null;

/**
 * Sends one hand-written statement and resolves with its rows: one round trip. Stores that are made of these cannot tell a
 * transaction from the pool.
 */
export type RunStatement = <Row extends object>(text: string, parameters?: readonly Parameter[]) => Promise<Row[]>;

/** The database did not answer as it should; whether a statement took effect is not known. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code = 'ETIMEDOUT';
}

export function tooLate(patienceMs: number): DatabaseUnavailable {
  return new DatabaseUnavailable(`The database took more than ${patienceMs} ms`);
}

/**
 * Prepared statements on a pool. One that takes longer than `patienceMs` is withdrawn: while it still waits for a
 * connection it must not run after its caller was told that nothing happened.
 *
 * A pool that has answered nobody for that long is given up for a new one, because connections whose other end has
 * vanished without a word stay open for a quarter of an hour.
 */
export function openStatements(openPool: () => postgres.Sql, patienceMs: number) {
  let pool = openPool();
  let answeredAt = 0;

  async function run<Row extends object>(text: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
    const askedAt = performance.now();
    const asked = pool;
    const query = asked.unsafe<Row[]>(text, [...parameters], { prepare: true });
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      query.cancel();
      reject(tooLate(patienceMs));
      if (pool === asked && answeredAt < askedAt) replacePool();
    }, patienceMs);
    try {
      const rows = await Promise.race([query, late]);
      answeredAt = performance.now();
      // After a connection was lost in the middle of an answer, the driver counts its rows into the next one. Taken for
      // "no such token", that would sign somebody out.
      if (rows.length > 0 && rows[0] === undefined) throw new DatabaseUnavailable('The driver mixed up two answers');
      return rows;
    } finally {
      clearTimeout(timer);
    }
  }

  function replacePool(): void {
    void pool.end({ timeout: 0 });
    pool = openPool();
  }

  return { run, close: () => pool.end({ timeout: 5 }) };
}

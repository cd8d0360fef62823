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
 * Prepared statements on a pool. One that takes longer than `patienceMs` is given up, and withdrawn if it still waits for a
 * connection: it must not run after its caller was told that nothing happened. One that was sent is left to end by itself,
 * at the latest by the server's own `statement_timeout`.
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
    const stopWaiting = afterPatience(patienceMs, () => {
      withdrawUnsent(query);
      reject(tooLate(patienceMs));
      if (pool === asked && answeredAt < askedAt) replacePool();
    });
    try {
      const rows = await Promise.race([query, late]);
      answeredAt = performance.now();
      // After a connection was lost in the middle of an answer, the driver counts its rows into the next one. Taken for
      // "no such token", that would sign somebody out.
      if (rows.length > 0 && rows[0] === undefined) throw new DatabaseUnavailable('The driver mixed up two answers');
      return rows;
    } catch (error) {
      // Nothing of ours runs inside: the driver stumbled over an answer that was cut off.
      if (error instanceof TypeError) throw new DatabaseUnavailable('The driver lost its place', { cause: error });
      // What the database did say, such as that a value is taken, stays true when its connection is given up afterwards.
      if (asked === pool || !isOfConnection(error)) throw error;
      throw new DatabaseUnavailable('The connection was given up for a new one', { cause: error });
    } finally {
      stopWaiting();
    }
  }

  function replacePool(): void {
    void pool.end({ timeout: 0 });
    pool = openPool();
  }

  return { run, close: () => pool.end({ timeout: 5 }) };
}

/** Whether the driver speaks of its connection (`CONNECTION_DESTROYED`, `CONNECTION_ENDED` …) and not for the database. */
function isOfConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CONNECTION_');
}

/**
 * Calls `giveUp` when `patienceMs` have passed, unless the function it returns is called before. When this process itself was
 * held up (stopped, starved, collecting garbage), timers come due before sockets are read: what has arrived meanwhile is read
 * first, so that a pause of ours is not taken for silence of the database.
 */
function afterPatience(patienceMs: number, giveUp: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(giveUp);
  }, patienceMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/**
 * Never touches what a connection has: the driver takes a cancelled statement off its list although the server still answers
 * it, and whoever asked next on that connection is handed that answer (postgres 3.4.9, `ReadyForQuery` in connection.js).
 * That would show one person what is another's. `state` is the driver's own; without it nothing would be withdrawn.
 */
function withdrawUnsent(query: Pick<postgres.PendingQuery<object[]>, 'cancel'>): void {
  if ('state' in query && query.state === null) query.cancel();
}

import { type Sql } from '@alva/database';
import { ProblemError } from '@alva/service-kit';

export type Parameter = string | number | boolean | Buffer | Date | null;

/** Sends one prepared statement: one round trip. Stores are made of these and cannot tell a transaction from the pool. */
export type RunStatement = <Row extends object>(text: string, parameters: Parameter[]) => Promise<Row[]>;

/** Whoever asked gets an answer within three seconds, and a database that does not answer is an answer. */
export const patienceMs = 2_500;

/**
 * A statement that is late is withdrawn: one that still waits for a connection must not run after its caller was told that
 * nothing happened.
 */
export function statementsOf(sql: Pick<Sql, 'unsafe'>): RunStatement {
  return async <Row extends object>(text: string, parameters: Parameter[]) => {
    const query = sql.unsafe<Row[]>(text, parameters, { prepare: true });
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      query.cancel();
      reject(tooLate());
    }, patienceMs);
    try {
      return await Promise.race([query, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

export function tooLate(): ProblemError {
  return new ProblemError('service-unavailable', { cause: new Error(`The database took more than ${patienceMs} ms`) });
}

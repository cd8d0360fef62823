import type { EventEmitter } from 'node:events';
import {
  assertSchemaCompatibility,
  ConnectionClosedError,
  PostgresConnection,
  PostgresQueueBackend,
  type PgPool,
} from 'bullmq';
import { DatabaseError } from 'pg';
import { describeError, type Report } from '../logger.ts';
import { queueSchema, type ConnectionConfig } from './connection-config.ts';

/**
 * BullMQ's connection to Postgres, made to outlive an outage. As it comes, a first connection that fails is remembered
 * for ever, and an error other than ECONNREFUSED counts as an answer of the database: a worker then spins without a pause,
 * and a job that was done is marked as failed because the connection broke while saying so.
 */
export class LastingConnection extends PostgresConnection {
  readonly #report: Report;
  #ready: Promise<void> | undefined;

  constructor(config: ConnectionConfig, report: Report) {
    super({
      ...config,
      schema: queueSchema,
      max: 4,
      idleTimeoutMillis: 60_000,
      query_timeout: 10_000,
      application_name: 'alva queue',
    });
    this.#report = report;
    this.on('error', (error) => report('queue connection lost', error));
    surviveLostClients(this);
    const query: PgPool['query'] = this.pool.query.bind(this.pool);
    this.pool.query = <Row>(text: string, params?: readonly unknown[]) =>
      query<Row>(text, params).catch(this.#asOutage);
  }

  override waitUntilReady(): Promise<void> {
    this.#ready ??= this.#checkSchema().catch((error: unknown) => {
      this.#ready = undefined;
      return this.#asOutage(error, 'the queue cannot be used yet');
    });
    return this.#ready;
  }

  override getListenClient() {
    return super.getListenClient().catch(this.#asOutage);
  }

  async #checkSchema(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await assertSchemaCompatibility(client, queueSchema);
    } catch (error) {
      // Whatever is wrong with the schema, a migration or a grant mends it: wait like for an outage.
      throw new ConnectionClosedError(describeError(error).message);
    } finally {
      client.release();
    }
  }

  readonly #asOutage = (error: unknown, message = 'the queue cannot be reached'): never => {
    if (error instanceof DatabaseError && !isOutage(error)) throw error;
    this.#report(message, error);
    throw new ConnectionClosedError(describeError(error).message);
  };
}

/**
 * A client that nobody listens to ends the process when its connection breaks. BullMQ leaves two alone: one out of the pool
 * between two statements, and the one that waits for notifications while it is being closed.
 */
function surviveLostClients(connection: PostgresConnection): void {
  const survive = (client: EventEmitter) => client.on('error', () => undefined);
  // The types know less of a pool than there is.
  (connection.pool as unknown as EventEmitter).on('connect', survive);

  let listenClient: EventEmitter | undefined;
  Object.defineProperty(connection, 'listenClient', {
    get: () => listenClient,
    set(client: EventEmitter | undefined) {
      listenClient = client;
      if (!client) return;
      const remove = client.removeAllListeners.bind(client);
      client.removeAllListeners = (...event) => survive(remove(...event));
    },
  });
}

/** Connection exceptions, too many connections, shutting down or starting up, and a standby not promoted yet. */
function isOutage(error: DatabaseError): boolean {
  return /^(08...|53300|57P0.|25006)$/.test(error.code ?? '');
}

export class LastingBackend extends PostgresQueueBackend {
  // The inherited one remembers a failure too.
  override waitUntilReady(): Promise<void> {
    return this.connection.waitUntilReady();
  }
}

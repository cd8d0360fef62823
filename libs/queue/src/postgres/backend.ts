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
  #listenClient: unknown;

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

  override async getListenClient() {
    const client = await super.getListenClient().catch(this.#asOutage);
    if (client !== this.#listenClient) {
      this.#listenClient = client;
      // Closing takes every listener off and only then hangs up; a connection that breaks in between would end the process.
      const remove = client.removeAllListeners.bind(client);
      client.removeAllListeners = (...event) => remove(...event).on('error', () => undefined);
    }
    return client;
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

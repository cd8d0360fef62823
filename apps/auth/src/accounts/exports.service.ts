import { type Delivery, type Queues } from '@alva/queue';
import { ProblemError, rateLimited } from '@alva/service-kit';
import { type DataExport, type ExportDelivery } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type AuthMetrics } from '../metrics.ts';
import { seal, unseal } from '../secrets/seal.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import { type Caller } from '../tokens/guards.ts';
import { exportReadyEmail } from './export.email.ts';
import { type ExportsStore } from './exports.store.ts';

export interface ExportsOptions {
  readonly store: ExportsStore;
  readonly queue: ReturnType<Queues['queue']>;
  /** Seals what waits to be downloaded. */
  readonly key: Uint8Array;
  readonly limit: Limit;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

export interface ExportProcessorOptions {
  readonly store: ExportsStore;
  readonly mailer: Mailer;
  readonly metrics: Pick<AuthMetrics, 'countAccountChange'>;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly key: Uint8Array;
  readonly webUrl: string;
}

/** Seconds for which a copy is kept. */
const lifetime = 86_400;

export type Exports = ReturnType<typeof createExports>;

/** A copy of what auth holds of a person. What the api holds, it hands out itself: neither looks into the other's tables. */
export function createExports({ store, queue, key, limit, log }: ExportsOptions) {
  /** Asking again while one is made asks for the same one, and brings it back on its way if the queue had lost it. */
  async function ask({ person, sessionId }: Caller, requester: Requester): Promise<DataExport> {
    const id = await store.ask({ userId: person.id, sessionId, lifetime }, limit, requester);
    if (id === undefined)
      throw rateLimited({ limit: limitNames.exports, max: limit.max, resetsIn: await store.findLimit(person.id) });
    try {
      await queue.addAgain({ exportId: id }, { id, attempts: 20 });
    } catch (cause) {
      throw new ProblemError('service-unavailable', { cause });
    }
    return find(person.id);
  }

  /** Throws `not-found` when none was asked for, or it is too old. */
  async function find(userId: string): Promise<DataExport> {
    const found = await store.find(userId);
    if (!found) throw new ProblemError('not-found');
    return found;
  }

  /** Throws `not-found` as long as there is none, and where nobody can open it any more: then another can be asked for. */
  async function download({ person, sessionId }: Caller, requester: Requester): Promise<unknown> {
    const finished = await store.findFinished(person.id);
    const data = finished && open(finished);
    if (finished && !data) {
      log.warn({ sub: person.id }, 'a copy of somebody’s data is sealed under another KEY_ENCRYPTION_KEY');
      await store.discard(finished.id);
    }
    if (!data || !(await store.take(finished.id, sessionId, requester))) throw new ProblemError('not-found');
    return JSON.parse(data.toString());
  }

  function open({ id, sealed }: { id: string; sealed: Buffer }): Buffer | undefined {
    try {
      return unseal(key, sealed, id);
    } catch {
      return undefined;
    }
  }

  return { ask, find, download };
}

/** Makes the copy. Done twice it is the same, and mailed of once. */
export function createExportProcessor({ store, mailer, metrics, log, key, webUrl }: ExportProcessorOptions) {
  return async ({ payload: { exportId }, lastAttempt }: Delivery<ExportDelivery>): Promise<void> => {
    try {
      await make(exportId);
    } catch (error) {
      if (lastAttempt) metrics.countAccountChange('export-failed');
      throw error;
    }
  };

  async function make(exportId: string): Promise<void> {
    const owner = await store.findOwner(exportId);
    if (!owner) return;
    const data = await store.collect(owner.id);
    if (!(await store.finish(exportId, seal(key, data, exportId)))) return;
    metrics.countAccountChange('export-made');
    const mail = exportReadyEmail({ to: owner.email, link: `${webUrl}/settings/account` });
    await mailer
      .send(exportId, mail, { lifetime })
      .catch((err: unknown) => log.error({ err, sub: owner.id }, 'a letter about an export could not be queued'));
  }
}

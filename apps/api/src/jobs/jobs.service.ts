import type { DeliveryQueue, Topics } from '@alva/queue';
import { ProblemError } from '@alva/service-kit';
import { topics as topicNames } from '@alva/shared-types';
import type { JobDelivery } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import { isGuest } from '../guests/owner.ts';
import type { Asker } from './asker.ts';
import type { IntendedEffect } from './idempotency.store.ts';
import type { JobDefinition, Transaction } from './job-definition.ts';
import { announce } from './job-events.ts';
import type { JobEndObserver } from './job-metrics.ts';
import { isOver, type JobOwner, type JobRow, type JobsStore } from './jobs.store.ts';
import { dailyTokensOf, type Allowances } from '../usage/allowances.ts';
import { refuse } from '../usage/refusals.ts';

export interface JobsServiceOptions {
  readonly store: JobsStore;
  readonly queue: DeliveryQueue<JobDelivery>;
  readonly topics: Topics;
  readonly definitions: readonly JobDefinition<unknown, unknown>[];
  readonly allowances: Allowances;
  readonly observer: JobEndObserver;
  readonly logger: FastifyBaseLogger;
}

export interface Work {
  readonly type: string;
  readonly payload: unknown;
  /** All that the client asked for, in path and body: the same idempotency key for something else is refused. */
  readonly request: unknown;
}

/** How the row reaches the queue. The row counts the failures and knows when it is over; the queue never gives up before. */
export async function deliver(queue: DeliveryQueue<JobDelivery>, jobId: string): Promise<void> {
  await queue.addAgain({ jobId }, { id: jobId, attempts: 1_000 });
}

/** Work asked for, looked at and called off. */
export function createJobsService({
  store,
  queue,
  topics,
  definitions,
  allowances,
  observer,
  logger,
}: JobsServiceOptions) {
  const byType = new Map<string, JobDefinition<unknown, unknown>>(definitions.map((each) => [each.type, each]));

  if (byType.size < definitions.length) throw new Error('Two kinds of jobs have the same name');

  function definitionOf(type: string): JobDefinition<unknown, unknown> {
    const definition = byType.get(type);
    if (!definition) throw new Error(`Nobody has defined jobs of type ${type}`);
    return definition;
  }

  /**
   * What a named request was answered the first time. For who has to read before they can begin: whoever only repeats a request
   * gets its answer, also when what it was about is gone.
   */
  async function firstAnswer<Answer>(
    { userId, idempotencyKey }: Pick<Asker, 'userId' | 'idempotencyKey'>,
    work: Pick<Work, 'type' | 'request'>,
  ): Promise<Answer | undefined> {
    const effect = effectOf(idempotencyKey, work);
    const repetition = effect && (await store.repetition(userId, effect));
    if (repetition === 'other-request') throw new ProblemError('idempotency-key-reused');
    return repetition?.answer as Answer | undefined;
  }

  /**
   * Commits the job together with what `attach` stores, then queues it. A request with an idempotency key has its effect
   * once, however often it is repeated, and gets the first one's answer.
   */
  async function begin<Answer>(
    { idempotencyKey, ...asker }: Asker,
    { payload, ...work }: Work,
    attach: (transaction: Transaction, jobId: string) => Promise<Answer>,
  ): Promise<Answer> {
    const { type } = work;
    const effect = effectOf(idempotencyKey, work);
    const definition = definitionOf(type);
    const parsed = definition.payload.parse(payload);
    const tokens = definition.limits.tokens(parsed);
    const budget = {
      tokens,
      dailyTokens: dailyTokensOf(allowances, asker),
      allGuestsDailyTokens: isGuest(asker) ? allowances.allGuestsDailyTokens : undefined,
      mostUnfinished: allowances.mostUnfinished,
    };
    const job = { ...asker, type, payload: parsed, effect, budget };
    const begun = await store.begin(job, attach).catch((error: unknown) => refuse(error, { isGuest: isGuest(asker) }));
    if (begun === 'other-request') throw new ProblemError('idempotency-key-reused');
    if (begun.jobId !== undefined) await enqueue(begun.jobId);
    return begun.answer;
  }

  /** What was committed will be done: should the queue be out of reach, the sweeper adds the job once it is back. */
  async function enqueue(jobId: string): Promise<void> {
    try {
      await deliver(queue, jobId);
      await store.markEnqueued(jobId);
    } catch (error) {
      logger.warn({ err: error, jobId }, 'a job waits for the sweeper');
    }
  }

  async function get(userId: string, jobId: string): Promise<JobRow> {
    const job = await store.find(userId, jobId);
    if (!job) throw new ProblemError('not-found');
    return job;
  }

  /** Asking twice is harmless; a job that came to its own end cannot be called off any more. */
  async function cancel(userId: string, jobId: string): Promise<void> {
    if (await end(jobId, { userId })) return;
    const job = await get(userId, jobId);
    if (isOver(job.state) && job.state !== 'cancelled') throw new ProblemError('job-finished');
  }

  /** For who does not mind a job that has come to its end just now. */
  async function cancelUnfinished(userId: string, jobId: string): Promise<void> {
    await end(jobId, { userId });
  }

  /** The session ended for cause: nobody is left who may have the result. */
  async function cancelSession(sessionId: string): Promise<void> {
    await cancelAll({ sessionId });
  }

  async function cancelAll(owner: JobOwner): Promise<void> {
    for (const jobId of await store.unfinishedOf(owner)) await end(jobId, owner);
  }

  async function end(jobId: string, owner: JobOwner): Promise<boolean> {
    const ended = await store.cancel(jobId, owner, (transaction, type) =>
      definitionOf(type).cancelled(transaction, jobId),
    );
    if (!ended) return false;
    observer.ended(ended.type, 'cancelled', (Date.now() - ended.createdAt.getTime()) / 1000);
    // All of it only hastens what the row says already: workers notice by themselves, and deliveries find nothing to do.
    const hasten = [topics.publish(topicNames.jobCancelled(jobId), {}), queue.remove(jobId)];
    const results = await Promise.allSettled([...hasten, announce(topics, jobId, ended.seq, warn)]);
    for (const result of results) if (result.status === 'rejected') warn(result.reason);
    return true;
  }

  function warn(error: unknown): void {
    logger.warn({ err: error }, 'the queue could not be told about a job');
  }

  return { begin, firstAnswer, get, list: store.list, cancel, cancelUnfinished, cancelSession, cancelAll };
}
export type JobsService = ReturnType<typeof createJobsService>;

function effectOf(
  key: string | undefined,
  { type, request }: Pick<Work, 'type' | 'request'>,
): IntendedEffect | undefined {
  return key === undefined ? undefined : { key, request: [type, request] };
}

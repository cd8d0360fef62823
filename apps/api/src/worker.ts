import type { Disposer, Metrics } from '@alva/service-kit';
import { topics as topicNames } from '@alva/shared-types';
import type { FastifyBaseLogger } from 'fastify';
import type { WorkerConfig } from './config.ts';
import { createAnswerProcessor } from './chat/answer.processor.ts';
import { startGuestSweeper } from './guests/guest-sweeper.ts';
import { watchEndedSessions } from './jobs/ended-sessions.ts';
import { createEndedSessionsObserver } from './jobs/ended-sessions-metrics.ts';
import type { JobWork } from './jobs/job-definition.ts';
import { createJobRunObserver, observeBacklog } from './jobs/job-metrics.ts';
import { createJobProcessor, type Timing } from './jobs/job.processor.ts';
import { startSweeper } from './jobs/sweeper.ts';
import { createDocumentProcessor } from './knowledge/document.processor.ts';
import { createPassagesService } from './knowledge/passages.service.ts';
import { createAssistant } from './llm/create-assistant.ts';
import { allowModelTime } from './llm/model-time.ts';
import { createForgetfulness } from './people/people.service.ts';
import { createPlanProcessor } from './plans/plan.processor.ts';
import { sectionJob } from './plans/section-job.ts';
import { createSectionProcessor } from './plans/section.processor.ts';
import { createProfilesService } from './profiles/profiles.service.ts';
import type { Resources } from './resources.ts';
import { createWork } from './services.ts';
import { createStores } from './stores.ts';

export interface WorkerParts {
  readonly config: WorkerConfig;
  readonly resources: Resources;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly disposer: Disposer;
  /** Other pauses than usual; for tests, which have no time. */
  readonly timing?: Partial<Timing>;
  /** Kinds of jobs besides those named here, each with who does it. */
  readonly furtherWorks?: readonly JobWork<unknown, unknown>[];
}

export function startWorker({
  config,
  resources,
  log,
  metrics,
  disposer,
  timing,
  furtherWorks = [],
}: WorkerParts): void {
  const { queues } = resources;
  const stores = createStores(resources.database);
  const { people, guests } = stores;
  const { jobs, jobEnds, planJob, documentJob, answerJob } = createWork({
    config,
    resources,
    stores,
    log,
    metrics,
    furtherJobs: furtherWorks,
  });
  const assistant = createAssistant(config);
  const answer = createAnswerProcessor({
    assistant,
    contexts: stores.answerContexts,
    profiles: createProfilesService(stores.profiles),
    plans: stores.plans,
    passages: createPassagesService(stores.passages),
  });
  const works = [
    { ...allowModelTime(planJob, config), process: createPlanProcessor(assistant) },
    { ...allowModelTime(sectionJob, config), process: createSectionProcessor({ assistant, store: stores.plans }) },
    { ...documentJob, process: createDocumentProcessor(stores.documents, { seconds: config.KNOWLEDGE_READING_TIME }) },
    { ...allowModelTime(answerJob, config), process: answer },
    ...furtherWorks,
  ];
  observeBacklog(metrics, stores.jobs);

  const endedSessions = watchEndedSessions({
    uri: `${config.AUTH_SERVICE_URL}/auth/revocations`,
    store: stores.jobs,
    jobs,
    topics: queues.topics,
    observer: createEndedSessionsObserver(metrics),
    logger: log,
  });
  disposer.add('ended sessions', () => endedSessions.stop());

  const processor = createJobProcessor({
    runs: stores.jobRuns,
    events: stores.jobEvents,
    topics: queues.topics,
    works,
    jobs,
    endedSessions,
    observer: {
      ...jobEnds,
      ...createJobRunObserver(
        metrics,
        works.map(({ type }) => type),
      ),
    },
    logger: log,
    ...(timing ? { timing } : {}),
  });
  queues.worker('jobs', processor.process, { concurrency: config.WORKER_CONCURRENCY });

  queues.worker(
    'user-deleted',
    createForgetfulness({
      store: people,
      jobs,
      jobQueue: queues.queue('jobs'),
      answers: queues.queue('user-forgotten'),
      logger: log,
    }),
  );

  const unsubscribe = queues.topics.subscribe(topicNames.jobCancelled('*'), (_message, topic) =>
    processor.cancel(topic.split('.')[1] ?? ''),
  );
  disposer.add('subscriptions', unsubscribe);

  const sweeper = startSweeper({ store: stores.jobSweeps, queue: queues.queue('jobs'), logger: log });
  disposer.add('sweeper', () => sweeper.stop());
  const guestSweeper = startGuestSweeper({ guests, people, jobs, logger: log });
  disposer.add('guest sweeper', () => guestSweeper.stop());
  log.info(
    { provider: assistant.generator.provider, model: assistant.generator.model },
    'plans and answers are written by',
  );
}

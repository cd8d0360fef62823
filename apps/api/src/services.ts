import type { Metrics } from '@alva/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import { createAnswerJob } from './chat/answer-job.ts';
import { createAnswersStore } from './chat/answers.store.ts';
import { createChatSessionsService } from './chat/chat-sessions.service.ts';
import { createQuestionsService } from './chat/questions.service.ts';
import type { ApiConfig } from './config.ts';
import { createGuestLimits } from './guests/guest-limits.ts';
import type { JobDefinition } from './jobs/job-definition.ts';
import { createJobLookout } from './jobs/job-lookout.ts';
import { createJobEndObserver } from './jobs/job-metrics.ts';
import { createJobPages } from './jobs/job-pages.ts';
import { createJobStreams } from './jobs/job-stream.ts';
import { createJobsService } from './jobs/jobs.service.ts';
import { createDocumentJob } from './knowledge/document-job.ts';
import { createDocumentReadingsStore } from './knowledge/document-readings.store.ts';
import { createDocumentsService } from './knowledge/documents.service.ts';
import { createPassagesService } from './knowledge/passages.service.ts';
import { createPlanEditsService } from './plans/plan-edits.service.ts';
import { createPlanJob } from './plans/plan-job.ts';
import { createPlansService } from './plans/plans.service.ts';
import { sectionJob } from './plans/section-job.ts';
import { createProfilesService } from './profiles/profiles.service.ts';
import type { ApiResources, Resources } from './resources.ts';
import type { Stores } from './stores.ts';
import { createTasksService } from './tasks/tasks.service.ts';
import { allowancesOf, type AllowanceConfig } from './usage/allowances.ts';
import { createUsageService } from './usage/usage.service.ts';

const mebibyte = 2 ** 20;

interface Parts<Config, Opened> {
  readonly config: Config;
  readonly resources: Opened;
  readonly stores: Stores;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  /** Kinds of jobs besides those named here. */
  readonly furtherJobs?: readonly JobDefinition<unknown, unknown>[] | undefined;
}

/** Everything that can be asked of the api, built on what is open. */
export function createServices(parts: Parts<ApiConfig, ApiResources>) {
  const { config, resources, stores } = parts;
  const work = createWork(parts);
  const { jobs } = work;
  const profiles = createProfilesService(stores.profiles);
  const plans = createPlansService({ store: stores.plans, edits: stores.planEdits, jobs, profiles });
  const limits = createGuestLimits(config, resources.counters);
  const room = { documents: config.KNOWLEDGE_DOCUMENTS, bytes: config.KNOWLEDGE_SPACE * mebibyte };
  return {
    ...work,
    profiles,
    plans,
    planEdits: createPlanEditsService({ store: stores.planEdits, plans, jobs }),
    tasks: createTasksService({ store: stores.tasks, edits: stores.taskEdits }),
    documents: createDocumentsService({ store: stores.documents, jobs, room }),
    passages: createPassagesService(stores.passages),
    chats: createChatSessionsService({ store: stores.chats, jobs, limits }),
    questions: createQuestionsService({ store: stores.questions, jobs, limits }),
    usage: createUsageService({ store: stores.usage, allowances: allowancesOf(config) }),
    watch: createJobStreams({
      lookout: createJobLookout({ events: stores.jobEvents, topics: resources.queues.topics, logger: parts.log }),
      pageAfter: createJobPages(stores.jobEvents),
    }),
  };
}
export type Services = ReturnType<typeof createServices>;

/** The kinds of jobs, and what begins and ends them: for the api and its workers. */
export function createWork({
  config,
  resources: { queues },
  stores,
  log,
  metrics,
  furtherJobs = [],
}: Parts<AllowanceConfig, Resources>) {
  const planJob = createPlanJob(stores.plans);
  const documentJob = createDocumentJob(createDocumentReadingsStore());
  const answerJob = createAnswerJob(createAnswersStore());
  const definitions = [planJob, sectionJob, documentJob, answerJob, ...furtherJobs];
  const jobEnds = createJobEndObserver(
    metrics,
    definitions.map(({ type }) => type),
  );
  const jobs = createJobsService({
    store: stores.jobs,
    queue: queues.queue('jobs'),
    topics: queues.topics,
    definitions,
    allowances: allowancesOf(config),
    observer: jobEnds,
    logger: log,
  });
  return { jobs, jobEnds, planJob, documentJob, answerJob };
}

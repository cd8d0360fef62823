import type { Metrics } from '@alva/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import { createAnswerContextStore } from './chat/answer-context.store.ts';
import { createAnswerJob } from './chat/answer-job.ts';
import { createAnswersStore } from './chat/answers.store.ts';
import { createChatSessionsStore } from './chat/chat-sessions.store.ts';
import { createMergeStore } from './chat/merge.store.ts';
import { createQuestionsStore } from './chat/questions.store.ts';
import { createGuestsStore } from './guests/guests.store.ts';
import { createAdminJobsStore } from './jobs/admin-jobs.store.ts';
import type { JobDefinition } from './jobs/job-definition.ts';
import { createJobEventsStore } from './jobs/job-events.store.ts';
import { createJobLookout } from './jobs/job-lookout.ts';
import { createJobEndObserver } from './jobs/job-metrics.ts';
import { createJobPages } from './jobs/job-pages.ts';
import { createJobStreams } from './jobs/job-stream.ts';
import { createJobsService } from './jobs/jobs.service.ts';
import { createJobsStore } from './jobs/jobs.store.ts';
import { createDocumentJob } from './knowledge/document-job.ts';
import { createDocumentReadingsStore } from './knowledge/document-readings.store.ts';
import { createDocumentsStore } from './knowledge/documents.store.ts';
import { createPassagesService } from './knowledge/passages.service.ts';
import { createPassagesStore } from './knowledge/passages.store.ts';
import { createPeopleStore } from './people/people.store.ts';
import { createPlanEditsService } from './plans/plan-edits.service.ts';
import { createPlanEditsStore } from './plans/plan-edits.store.ts';
import { createPlanJob } from './plans/plan-job.ts';
import { createPlansService } from './plans/plans.service.ts';
import { createPlansStore } from './plans/plans.store.ts';
import { sectionJob } from './plans/section-job.ts';
import { createProfilesService } from './profiles/profiles.service.ts';
import { createProfilesStore } from './profiles/profiles.store.ts';
import type { Resources } from './resources.ts';
import { createTaskEditsStore } from './tasks/task-edits.store.ts';
import { createTasksService } from './tasks/tasks.service.ts';
import { createTasksStore } from './tasks/tasks.store.ts';
import { allowancesOf, type AllowanceConfig } from './usage/allowances.ts';
import { createUsageService } from './usage/usage.service.ts';
import { createUsageStore } from './usage/usage.store.ts';

export interface ServiceParts {
  readonly config: AllowanceConfig;
  readonly resources: Resources;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  /** Kinds of jobs besides those named here. */
  readonly furtherJobs?: readonly JobDefinition<unknown, unknown>[] | undefined;
}

/** Everything that can be asked of the api, built on what is open. */
export function createServices({ config, resources, log, metrics, furtherJobs = [] }: ServiceParts) {
  const { database, queues } = resources;
  const allowances = allowancesOf(config);
  const planStore = createPlansStore(database);
  const planEditStore = createPlanEditsStore(database);
  const planJob = createPlanJob(planStore);
  const documentJob = createDocumentJob(createDocumentReadingsStore());
  const answerJob = createAnswerJob(createAnswersStore());
  const definitions = [planJob, sectionJob, documentJob, answerJob, ...furtherJobs];

  const jobStore = createJobsStore(database);
  const jobEnds = createJobEndObserver(
    metrics,
    definitions.map(({ type }) => type),
  );
  const jobs = createJobsService({
    store: jobStore,
    queue: queues.queue('jobs'),
    topics: queues.topics,
    definitions,
    allowances,
    observer: jobEnds,
    logger: log,
  });
  const events = createJobEventsStore(database);
  const guests = createGuestsStore(database);
  const profiles = createProfilesService(createProfilesStore(database));
  const plans = createPlansService({ store: planStore, edits: planEditStore, jobs, profiles });
  return {
    profiles,
    people: createPeopleStore(database),
    plans,
    planEdits: createPlanEditsService({ store: planEditStore, plans, jobs }),
    tasks: createTasksService({ store: createTasksStore(database), edits: createTaskEditsStore(database) }),
    jobs,
    jobEnds,
    adminJobs: createAdminJobsStore(database),
    usage: createUsageService({ store: createUsageStore(database), allowances }),
    jobEvents: events,
    watch: createJobStreams({
      lookout: createJobLookout({ events, topics: queues.topics, logger: log }),
      pageAfter: createJobPages(events),
    }),
    planJob,
    planStore,
    documentJob,
    guests,
    answerJob,
    answerContexts: createAnswerContextStore(database),
    chatStore: createChatSessionsStore(database, guests),
    questionStore: createQuestionsStore(database),
    merges: createMergeStore(database),
    documentStore: createDocumentsStore(database),
    passages: createPassagesService(createPassagesStore(database)),
  };
}
export type Services = ReturnType<typeof createServices>;

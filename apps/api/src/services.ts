import type { FastifyBaseLogger } from 'fastify';
import { createJobEventsStore } from './jobs/job-events.store.ts';
import { createJobStreams } from './jobs/job-stream.ts';
import { createJobsService } from './jobs/jobs.service.ts';
import { createJobsStore } from './jobs/jobs.store.ts';
import { createPeopleStore } from './people/people.store.ts';
import { createPlanJob } from './plans/plan-job.ts';
import { createPlansService } from './plans/plans.service.ts';
import { createPlansStore } from './plans/plans.store.ts';
import { createProfilesService } from './profiles/profiles.service.ts';
import { createProfilesStore } from './profiles/profiles.store.ts';
import type { Resources } from './resources.ts';

/** Everything that can be asked of the api, built on what is open. */
export function createServices({ database, queues }: Resources, logger: FastifyBaseLogger) {
  const { topics } = queues;
  const planStore = createPlansStore(database);
  const jobStore = createJobsStore(database);
  const planJob = createPlanJob(planStore);
  const jobs = createJobsService({
    store: jobStore,
    queue: queues.queue('jobs'),
    topics,
    definitions: [planJob],
    logger,
  });
  const profiles = createProfilesService(createProfilesStore(database));
  return {
    profiles,
    people: createPeopleStore(database),
    plans: createPlansService({ store: planStore, jobs, profiles }),
    jobs,
    watch: createJobStreams({ jobs: jobStore, events: createJobEventsStore(database), topics }),
    planJob,
  };
}

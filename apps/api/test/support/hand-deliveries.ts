import { createLogger } from '@alva/service-kit';
import type { JobRun, JobYield } from '../../src/jobs/job-definition.ts';
import { createJobEventsStore } from '../../src/jobs/job-events.store.ts';
import { createJobRunsStore } from '../../src/jobs/job-runs.store.ts';
import { createJobProcessor, type JobProcessorOptions } from '../../src/jobs/job.processor.ts';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { createPlanJob, type GeneratedPlan } from '../../src/plans/plan-job.ts';
import { createPlansStore } from '../../src/plans/plans.store.ts';
import { profile } from './profile.ts';
import type { Api } from './stack.ts';

export const log = createLogger({ name: 'test', level: 'silent' });

export type Process = (run: JobRun<unknown>) => Promise<JobYield<GeneratedPlan>>;

export const finished = (title: string): JobYield<GeneratedPlan> => ({
  result: { draft: { ...composePlan(profile), title }, generator: { provider: 'test', model: title, demo: true } },
  usage: { inputTokens: 10, outputTokens: 5, cost: 0.5 },
});

/** What a worker process has, without its queue: deliveries are made by hand. */
export function createWorker(
  { database, queues }: Api['resources'],
  process: Process,
  timing: JobProcessorOptions['timing'] = {},
  { atOnce, ...others }: Partial<Pick<JobProcessorOptions, 'events' | 'observer'>> & { readonly atOnce?: number } = {},
) {
  const planJob = createPlanJob(createPlansStore(database));
  const { process: take } = createJobProcessor({
    runs: createJobRunsStore(database),
    events: createJobEventsStore(database),
    topics: queues.topics,
    works: [{ ...planJob, limits: { ...planJob.limits, ...(atOnce === undefined ? {} : { atOnce }) }, process }],
    // Nobody signs out here.
    jobs: { cancelSession: () => Promise.reject(new Error('not here')) },
    endedSessions: { firstLook: Promise.resolve(), has: () => false },
    logger: log,
    timing,
    ...others,
  });
  return (jobId: string, signal = new AbortController().signal) => take({ payload: { jobId } }, signal);
}

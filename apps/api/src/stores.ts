import type { Database } from '@alva/database';
import { createAnswerContextStore } from './chat/answer-context.store.ts';
import { createChatSessionsStore } from './chat/chat-sessions.store.ts';
import { createMergeStore } from './chat/merge.store.ts';
import { createQuestionsStore } from './chat/questions.store.ts';
import { createGuestsStore } from './guests/guests.store.ts';
import { createAdminJobsStore } from './jobs/admin-jobs.store.ts';
import { createJobEventsStore } from './jobs/job-events.store.ts';
import { createJobRunsStore } from './jobs/job-runs.store.ts';
import { createJobSweepsStore } from './jobs/job-sweeps.store.ts';
import { createJobsStore } from './jobs/jobs.store.ts';
import { createDocumentsStore } from './knowledge/documents.store.ts';
import { createPassagesStore } from './knowledge/passages.store.ts';
import { createPeopleStore } from './people/people.store.ts';
import { createPlanEditsStore } from './plans/plan-edits.store.ts';
import { createPlansStore } from './plans/plans.store.ts';
import { createProfilesStore } from './profiles/profiles.store.ts';
import { createTaskEditsStore } from './tasks/task-edits.store.ts';
import { createTasksStore } from './tasks/tasks.store.ts';
import { createUsageStore } from './usage/usage.store.ts';

/** All that is read and written, by what it is about. */
export function createStores(database: Database) {
  const guests = createGuestsStore(database);
  return {
    adminJobs: createAdminJobsStore(database),
    answerContexts: createAnswerContextStore(database),
    chats: createChatSessionsStore(database, guests),
    documents: createDocumentsStore(database),
    guests,
    jobEvents: createJobEventsStore(database),
    jobRuns: createJobRunsStore(database),
    jobSweeps: createJobSweepsStore(database),
    jobs: createJobsStore(database),
    merges: createMergeStore(database),
    passages: createPassagesStore(database),
    people: createPeopleStore(database),
    planEdits: createPlanEditsStore(database),
    plans: createPlansStore(database),
    profiles: createProfilesStore(database),
    questions: createQuestionsStore(database),
    taskEdits: createTaskEditsStore(database),
    tasks: createTasksStore(database),
    usage: createUsageStore(database),
  };
}
export type Stores = ReturnType<typeof createStores>;

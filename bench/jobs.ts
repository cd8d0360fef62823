import { Agent } from 'node:http';
import {
  availableStores,
  startJobServices,
  type JobServices,
  type Person,
  type StoreName,
} from './support/job-services.ts';
import { ask, load } from './support/load.ts';
import { withCleanup } from './support/services.ts';
import { quantile, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';
import { watch } from './support/watch.ts';

const people = 32;
const profile = JSON.stringify({
  businessName: 'Corner Bakery',
  industry: 'Bakery',
  description: 'Neighbourhood bakery with a small café: bread, cakes and breakfast, six days a week.',
  audience: 'People who live or work within fifteen minutes on foot.',
  goals: ['Fill the tables on weekday mornings'],
  channels: ['social', 'email', 'seo'],
  monthlyBudget: { amount: 600, currency: 'EUR' },
  experience: 'some',
});

/** Milliseconds since the request was sent. */
interface Course {
  /** 202: the job is committed. */
  accepted?: number;
  /** The stream's first event, then the first that the worker wrote, the first text, and the end. */
  heard?: number;
  begun?: number;
  text?: number;
  done?: number;
}
const stages = ['accepted', 'heard', 'begun', 'text', 'done'] as const;

/**
 * From `POST /plans/generate` to the end of the plan's event stream, through api, queue, worker and back, with the planner
 * that writes at once: one plan at a time, then as many as there is room for. Stores alternate in every round.
 */
export async function measureJobs(extent: { rounds: number; jobs: number; seconds: number }): Promise<void> {
  const { rounds, jobs, seconds } = extent;
  await withCleanup(async (cleanup) => {
    const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_000 });
    const installations: Installation[] = [];
    for (const store of availableStores()) {
      const services = await startJobServices(cleanup, store);
      await services.startWorker({ WORKER_CONCURRENCY: '16' });
      installations.push({ store, services, low: [], busy: [], perSecond: [] });
    }
    cleanup.teardown(async () => agent.destroy());
    for (let round = 0; round <= rounds; round++) {
      for (const { store, services, ...found } of installations) {
        progress(`jobs on ${store}: round ${round} of ${rounds}`);
        // Others in each round: what one person may keep, and begin in a day, is bounded.
        const persons = await Promise.all(Array.from({ length: people }, () => settle(services, agent)));
        const low: Course[] = [];
        for (let job = 0; job < jobs; job++) low.push(await perform(services, agent, persons[0]));
        const busy: Course[] = [];
        const { perSecond, failures } = await load({
          inFlight: people,
          seconds,
          async task() {
            const person = persons.shift();
            if (person) persons.push(person);
            busy.push(await perform(services, agent, person));
            return true;
          },
        });
        if (failures > 0) throw new Error(`${failures} jobs failed`);
        // The first round finds cold code and is not counted.
        if (round === 0) continue;
        found.low.push(...low);
        found.busy.push(...busy);
        found.perSecond.push(perSecond);
      }
    }
    progress('');
    installations.forEach(print);
  });
}

interface Installation {
  readonly store: StoreName;
  readonly services: JobServices;
  readonly low: Course[];
  readonly busy: Course[];
  readonly perSecond: number[];
}

function print({ store, low, busy, perSecond }: Installation): void {
  const shares = [0.5, 0.95, 0.99];
  const columns = (courses: Course[], stage: (typeof stages)[number]) =>
    shares.map((share) =>
      quantile(
        courses.map((course) => course[stage] ?? NaN),
        share,
      ).toFixed(0),
    );
  const names = {
    accepted: '202',
    heard: 'first event',
    begun: 'first event of the worker',
    text: 'first text',
    done: 'plan is there',
  };
  printTable(
    `Plans on ${store}, ms from the request: ${low.length} one at a time | ${busy.length}, ${people} at a time`,
    ['', 'p50', 'p95', 'p99', '', 'p50', 'p95', 'p99'],
    stages.map((stage) => [names[stage], ...columns(low, stage), '|', ...columns(busy, stage)]),
  );
  process.stdout.write(`\n  ${withSpread(perSecond, 1)} plans a second, ${people} at a time\n`);
}

async function settle({ url, signIn }: JobServices, agent: Agent): Promise<Person> {
  const person = await signIn();
  const headers = { ...person.headers, 'content-type': 'application/json' };
  const { status, body } = await ask(`${url}/user/profile`, { method: 'PUT', headers, body: profile, agent });
  if (status !== 200) throw new Error(`The profile was answered with ${status}: ${body}`);
  return person;
}

async function perform({ url }: JobServices, agent: Agent, person: Person | undefined): Promise<Course> {
  const course: Course = {};
  const start = performance.now();
  const note = (stage: keyof Course) => (course[stage] ??= performance.now() - start);
  const headers = { ...person?.headers, 'content-type': 'application/json' };
  const { status, body } = await ask(`${url}/plans/generate`, { method: 'POST', headers, body: '{}', agent });
  if (status !== 202) throw new Error(`Answered ${status}: ${body}`);
  note('accepted');
  const { jobId } = JSON.parse(body) as { jobId: string };
  await watch(`${url}/jobs/${jobId}/events`, {
    headers: { ...person?.headers },
    agent,
    onEvent(event) {
      if (!event.startsWith('id:')) return;
      note('heard');
      if (!event.startsWith('id: 1\n')) note('begun');
      if (event.includes('event: delta')) note('text');
      if (event.includes('"state": "succeeded"')) note('done');
    },
  }).over;
  if (course.done === undefined) throw new Error('The stream ended before the plan was there');
  return course;
}

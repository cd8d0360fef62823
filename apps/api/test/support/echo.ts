import { newIdentifier, sql } from '@alva/database';
import type { Routes } from '@alva/service-kit';
import { identifier } from '@alva/validation';
import { z } from 'zod';
import type { Further } from '../../src/app.ts';
import { askerOf, workHeaders, type Asker } from '../../src/jobs/asker.ts';
import type { JobDefinition, JobRun, JobWork, JobYield } from '../../src/jobs/job-definition.ts';
import type { Services } from '../../src/services.ts';
import type { Person } from './person.ts';
import type { Stack } from './stack.ts';

const echoBody = z.strictObject({ text: z.string(), tokens: z.number().int().min(0).default(100) });
const echoPayload = echoBody.extend({ echoId: identifier });
const echoResult = z.object({ text: z.string() });
type Payload = z.infer<typeof echoPayload>;
type Result = z.infer<typeof echoResult>;

/** A capability of its own, as somebody would add it: says again what it was told. */
const echoJob: JobDefinition<Payload, Result> = {
  type: 'echo.say',
  payload: echoPayload,
  result: echoResult,
  limits: { tokens: ({ tokens }) => tokens, seconds: 2, failures: 2 },
  async succeeded(transaction, { jobId, userId }, { text }) {
    const { rows } = await transaction.execute<{ id: string }>(sql`
      update app.echoes set state = 'said', text = ${text}, heard_by = ${userId}, times = times + 1
      where job_id = ${jobId} returning id`);
    return { echoId: rows[0]?.id ?? '' };
  },
  failed: async (transaction, jobId) => {
    await transaction.execute(sql`update app.echoes set state = 'failed' where job_id = ${jobId}`);
  },
  cancelled: async (transaction, jobId) => {
    await transaction.execute(sql`update app.echoes set state = 'cancelled' where job_id = ${jobId}`);
  },
};

export async function beginEcho({ jobs }: Pick<Services, 'jobs'>, asker: Asker, body: z.infer<typeof echoBody>) {
  const echoId = newIdentifier();
  const work = { type: 'echo.say', payload: { ...body, echoId }, request: body };
  return jobs.begin(asker, work, async (transaction, jobId) => {
    await transaction.execute(sql`insert into app.echoes (id, job_id) values (${echoId}, ${jobId})`);
    return { echoId, jobId };
  });
}

const echoRoutes: Routes<Services> = async (app, services) => {
  app.post('/echoes', { schema: { headers: workHeaders, body: echoBody } }, async (request, reply) =>
    reply.code(202).send(await beginEcho(services, askerOf(request), request.body)),
  );
};

export const echoes: Further = { jobs: [echoJob], routes: echoRoutes };

export type Say = (run: JobRun<Payload>) => Promise<JobYield<Result>>;

/** What the worker is given of it; how it speaks is for the test to say. */
export function echoWork(
  process: Say,
  limits: Partial<typeof echoJob.limits> = {},
): { furtherWorks: JobWork<unknown, unknown>[] } {
  return { furtherWorks: [{ ...echoJob, limits: { ...echoJob.limits, ...limits }, process }] };
}

export const usageOf = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, cost: 0.5 });

/** Its table, which a real one would have in the schema. */
export async function createEchoes({ database: { sql } }: Stack): Promise<void> {
  await sql`create table app.echoes (
    id uuid primary key, job_id uuid not null, state text not null default 'asked', text text, heard_by uuid, times int not null default 0)`;
  await sql`grant select, insert, update on app.echoes to alva_app`;
}

export async function askForEcho(
  person: Person,
  body: z.input<typeof echoBody> = { text: 'hello' },
  headers: Record<string, string> = {},
): Promise<{ echoId: string; jobId: string }> {
  const reply = await person.send<{ echoId: string; jobId: string }>('POST', '/echoes', body, headers);
  if (reply.status !== 202) throw new Error(`POST /echoes: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

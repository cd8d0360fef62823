import { and, desc, eq, jobs, lt, type Database } from '@alva/database';
import type { Slice } from '@alva/service-kit';
import type { AdminJob, AdminJobsQuery } from '@alva/validation';

/** Jobs as administrators see them: without what people wrote, and what was written for them. */
export function createAdminJobsStore({ db }: Database) {
  async function list({ state, type, userId }: AdminJobsQuery, { limit, before }: Slice): Promise<AdminJob[]> {
    const rows = await db
      .select({
        id: jobs.id,
        type: jobs.type,
        state: jobs.state,
        userId: jobs.userId,
        percent: jobs.percent,
        attempt: jobs.attempt,
        failures: jobs.failures,
        errorCode: jobs.errorCode,
        reservedTokens: jobs.reservedTokens,
        inputTokens: jobs.inputTokens,
        outputTokens: jobs.outputTokens,
        cost: jobs.cost,
        createdAt: jobs.createdAt,
        startedAt: jobs.startedAt,
        heartbeatAt: jobs.heartbeatAt,
        finishedAt: jobs.finishedAt,
      })
      .from(jobs)
      .where(
        and(
          state && eq(jobs.state, state),
          type === undefined ? undefined : eq(jobs.type, type),
          userId === undefined ? undefined : eq(jobs.userId, userId),
          before === undefined ? undefined : lt(jobs.id, before),
        ),
      )
      .orderBy(desc(jobs.id))
      .limit(limit);
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      heartbeatAt: row.heartbeatAt?.toISOString() ?? null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
    }));
  }

  async function ownerOf(id: string): Promise<string | undefined> {
    const [job] = await db.select({ userId: jobs.userId }).from(jobs).where(eq(jobs.id, id));
    return job?.userId;
  }

  return { list, ownerOf };
}
export type AdminJobsStore = ReturnType<typeof createAdminJobsStore>;

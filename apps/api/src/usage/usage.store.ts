import { eq, sql, usageLimits, type Database } from '@alva/database';
import type { OwnerLimit, Usage } from '@alva/validation';

const today = `
  with today as (
    select (now() at time zone 'utc')::date as day
  )
  select today.day::timestamp at time zone 'utc' as "from", (today.day + 1)::timestamp at time zone 'utc' as "to",
         coalesce((select daily_tokens from app.usage_limits where user_id = $1), $2)::int as "limit",
         coalesce(d.tokens_used, 0)::float8 as used, coalesce(d.tokens_reserved, 0)::float8 as reserved,
         coalesce(d.cost, 0)::float8 as cost
  from today left join app.usage_days d on d.user_id = $1 and d.day = today.day`;

interface Today {
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly cost: number;
}

export function createUsageStore({ db, run }: Database) {
  return {
    /** The present day (UTC); `dailyTokens` is the limit of whoever has none of their own. */
    async today(userId: string, dailyTokens: number): Promise<Usage> {
      const [row] = await run<Today>(today, [userId, dailyTokens]);
      if (!row) throw new Error('A day always has figures');
      const { from, to, limit, used, reserved, cost } = row;
      return {
        period: { from: from.toISOString(), to: to.toISOString() },
        tokens: { limit, used, reserved, remaining: Math.max(0, limit - used - reserved) },
        cost: { used: cost, currency: 'USD' },
      };
    },

    async limit(userId: string): Promise<OwnerLimit> {
      const [row] = await db.select().from(usageLimits).where(eq(usageLimits.userId, userId));
      return { userId, dailyTokens: row?.dailyTokens ?? null, updatedAt: row?.updatedAt.toISOString() ?? null };
    },

    async setLimit(userId: string, dailyTokens: number): Promise<void> {
      await db
        .insert(usageLimits)
        .values({ userId, dailyTokens })
        .onConflictDoUpdate({ target: usageLimits.userId, set: { dailyTokens, updatedAt: sql`now()` } });
    },

    async removeLimit(userId: string): Promise<void> {
      await db.delete(usageLimits).where(eq(usageLimits.userId, userId));
    },
  };
}
export type UsageStore = ReturnType<typeof createUsageStore>;

import { sql } from '@alva/database';
import type { Transaction } from '../jobs/job-definition.ts';

/** What is to be set aside for a job, from whose budget. */
export interface Reservation {
  readonly jobId: string;
  readonly userId: string;
  readonly tokens: number;
  /** Tokens a day for whoever has no limit of their own. */
  readonly dailyTokens: number;
  readonly mostUnfinished: number;
}

/** How somebody's budget stands. */
export interface BudgetState {
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly unfinished: number;
  /** Until the day is over. */
  readonly secondsLeft: number;
}

const today = sql`(now() at time zone 'utc')::date`;

function limitOf({ userId, dailyTokens }: Pick<Reservation, 'userId' | 'dailyTokens'>) {
  return sql`coalesce((select daily_tokens from app.usage_limits where user_id = ${userId}), ${dailyTokens}::int)`;
}

/**
 * Sets tokens aside for the job if the budget of the day allows it and not too many jobs are unfinished: the statement
 * decides between any number of requests and copies of the service. Belongs at the end of its transaction, because from here
 * on others of the same owner wait.
 */
export async function reserveTokens(transaction: Transaction, reservation: Reservation): Promise<boolean> {
  const { jobId, userId, tokens, mostUnfinished } = reservation;
  const { rowCount } = await transaction.execute(sql`
    with reserved as (
      insert into app.usage_days as d (user_id, day, jobs_unfinished, tokens_reserved)
      select ${userId}::uuid, ${today}, 1, ${tokens}::int
      where ${tokens}::int <= ${limitOf(reservation)}
      on conflict (user_id, day) do update
      set jobs_unfinished = d.jobs_unfinished + 1, tokens_reserved = d.tokens_reserved + excluded.tokens_reserved
      where d.jobs_unfinished < ${mostUnfinished}::int
        and (excluded.tokens_reserved = 0
             or d.tokens_used + d.tokens_reserved + excluded.tokens_reserved <= ${limitOf(reservation)})
      returning day
    )
    update app.jobs set reserved_tokens = ${tokens}, reserved_on = reserved.day from reserved where id = ${jobId}`);
  return rowCount === 1;
}

/** The figures behind a refusal, within its transaction. */
export async function budgetState(
  transaction: Transaction,
  owner: Pick<Reservation, 'userId' | 'dailyTokens'>,
): Promise<BudgetState> {
  const { rows } = await transaction.execute<{ [Name in keyof BudgetState]: number }>(sql`
    select ${limitOf(owner)} as "limit", coalesce(d.tokens_used, 0)::float8 as "used",
           coalesce(d.tokens_reserved, 0)::float8 as "reserved", coalesce(d.jobs_unfinished, 0) as "unfinished",
           extract(epoch from ${today} + 1 - now() at time zone 'utc')::float8 as "secondsLeft"
    from (select) as nothing left join app.usage_days d on d.user_id = ${owner.userId} and d.day = ${today}`);
  const [state] = rows;
  if (!state) throw new Error('A budget always has a state');
  return state;
}

/**
 * Charges what the job cost and gives back what was set aside for it, on the day that it was asked for. Belongs into the very
 * transaction that ends the job, after the statement that decided it: so it happens once, however the job ends.
 */
export async function settleTokens(transaction: Transaction, jobId: string): Promise<void> {
  await transaction.execute(sql`
    update app.usage_days d
    set jobs_unfinished = d.jobs_unfinished - 1, tokens_reserved = d.tokens_reserved - j.reserved_tokens,
        tokens_used = d.tokens_used + coalesce(j.input_tokens, 0) + coalesce(j.output_tokens, 0),
        cost = d.cost + coalesce(j.cost, 0)
    from app.jobs j
    where j.id = ${jobId} and d.user_id = j.user_id and d.day = j.reserved_on`);
}

/**
 * What one owner used becomes another's; their jobs have to be the other's already. Day by day in their order, so that two
 * that are moved to one owner at once do not wait for each other.
 */
export async function moveUsage(transaction: Transaction, from: string, to: string): Promise<void> {
  await transaction.execute(sql`
    with moved as (delete from app.usage_days where user_id = ${from} returning *)
    insert into app.usage_days as d (user_id, day, tokens_used, jobs_unfinished, tokens_reserved, cost)
    select ${to}::uuid, day, tokens_used, jobs_unfinished, tokens_reserved, cost from moved order by day
    on conflict (user_id, day) do update
    set tokens_used = d.tokens_used + excluded.tokens_used, cost = d.cost + excluded.cost,
        jobs_unfinished = d.jobs_unfinished + excluded.jobs_unfinished,
        tokens_reserved = d.tokens_reserved + excluded.tokens_reserved`);
  await transaction.execute(sql`delete from app.usage_limits where user_id = ${from}`);
}

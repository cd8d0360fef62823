import { sql, type SQL } from '@alva/database';
import type { Transaction } from '../jobs/job-definition.ts';
import { mostJobsADay } from './allowances.ts';

/** What is to be set aside for a job, from whose budget. */
export interface Reservation {
  readonly jobId: string;
  readonly userId: string;
  readonly tokens: number;
  /** Tokens a day for whoever has no limit of their own. */
  readonly dailyTokens: number;
  /** Tokens a day for all guests together, where a guest asks. */
  readonly allGuestsDailyTokens: number | undefined;
  readonly mostUnfinished: number;
}

/** Tokens a day of one owner, or the one that all guests share. */
export interface Budget {
  readonly userId: string;
  readonly dailyTokens: number;
  readonly isShared: boolean;
}

/** How somebody's budget stands. */
export interface BudgetState {
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly unfinished: number;
  readonly begun: number;
  /** Until the day is over. */
  readonly secondsLeft: number;
}

/** Under whose name days count what guests use together. Nobody else has it. */
const allGuests = '00000000-0000-0000-0000-000000000000';

const today = sql`(now() at time zone 'utc')::date`;

function limitOf({ userId, dailyTokens }: Budget) {
  return sql`coalesce((select daily_tokens from app.usage_limits where user_id = ${userId}), ${dailyTokens}::int)`;
}

/** Puts a job on the day of a budget that allows it. `first` says whether to try, `open` whether the day has room besides. */
function setAside(budget: Budget, tokens: number, { first, open }: { first: SQL; open: SQL }): SQL {
  return sql`
      insert into app.usage_days as d (user_id, day, jobs_begun, jobs_unfinished, tokens_reserved)
      select ${budget.userId}::uuid, ${today}, 1, 1, ${tokens}::int
      where ${first} and ${tokens}::int <= ${limitOf(budget)}
      on conflict (user_id, day) do update
      set jobs_begun = d.jobs_begun + 1, jobs_unfinished = d.jobs_unfinished + 1,
          tokens_reserved = d.tokens_reserved + excluded.tokens_reserved
      where ${open}
        and (excluded.tokens_reserved = 0
             or d.tokens_used + d.tokens_reserved + excluded.tokens_reserved <= ${limitOf(budget)})
      returning day`;
}

/**
 * Sets tokens aside for the job if the budget of the day allows it and not too many jobs are unfinished, or were begun: the statement
 * decides between any number of requests and copies of the service. Belongs at the end of its transaction, because from here
 * on others of the same owner wait; guests wait for all guests. Answers with the budget that does not allow it: then the
 * transaction has to be undone.
 */
export async function reserveTokens(transaction: Transaction, reservation: Reservation): Promise<Budget | undefined> {
  const { jobId, userId, tokens, dailyTokens, allGuestsDailyTokens, mostUnfinished } = reservation;
  const own = { userId, dailyTokens, isShared: false };
  const shared = { userId: allGuests, dailyTokens: allGuestsDailyTokens ?? 0, isShared: true };
  const open = sql`d.jobs_unfinished < ${mostUnfinished}::int and d.jobs_begun < ${mostJobsADay}::int`;
  const ownDay = setAside(own, tokens, { first: sql`true`, open });
  const sharedDay = setAside(shared, tokens, { first: sql`exists (select from own)`, open: sql`true` });
  const { rows } = await transaction.execute<{ own: boolean; shared: boolean }>(sql`
    with own as (${ownDay}
    ), shared as (${allGuestsDailyTokens === undefined ? sql`select` : sharedDay}
    ), marked as (
      update app.jobs set reserved_tokens = ${tokens}, reserved_on = own.day from own where id = ${jobId}
    )
    select exists (select from own) as own, exists (select from shared) as shared`);
  if (rows[0]?.own !== true) return own;
  return rows[0].shared ? undefined : shared;
}

/** The figures behind a refusal, within its transaction. */
export async function budgetState(transaction: Transaction, budget: Budget): Promise<BudgetState> {
  const { rows } = await transaction.execute<{ [Name in keyof BudgetState]: number }>(sql`
    select ${limitOf(budget)} as "limit", coalesce(d.tokens_used, 0)::float8 as "used",
           coalesce(d.tokens_reserved, 0)::float8 as "reserved", coalesce(d.jobs_unfinished, 0) as "unfinished",
           coalesce(d.jobs_begun, 0) as "begun",
           extract(epoch from ${today} + 1 - now() at time zone 'utc')::float8 as "secondsLeft"
    from (select) as nothing left join app.usage_days d on d.user_id = ${budget.userId} and d.day = ${today}`);
  const [state] = rows;
  if (!state) throw new Error('A budget always has a state');
  return state;
}

const settled = sql`
        jobs_unfinished = d.jobs_unfinished - 1, tokens_reserved = d.tokens_reserved - job.reserved_tokens,
        tokens_used = d.tokens_used + job.used, cost = d.cost + job.cost`;

/**
 * Charges what the job cost and gives back what was set aside for it, on the day that it was asked for. Belongs into the very
 * transaction that ends the job, after the statement that decided it: so it happens once, however the job ends.
 */
export async function settleTokens(transaction: Transaction, jobId: string): Promise<void> {
  await transaction.execute(sql`
    with job as (
      select user_id, session_id, reserved_on, reserved_tokens, coalesce(cost, 0) as cost,
             coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as used
      from app.jobs where id = ${jobId}
    ), own as (
      update app.usage_days d set ${settled} from job
      where d.user_id = job.user_id and d.day = job.reserved_on
      returning job.*
    )
    update app.usage_days d set ${settled} from own as job
    where job.session_id is null and d.user_id = ${allGuests} and d.day = job.reserved_on`);
}

/**
 * What a guest used becomes a person's; the jobs have to be the person's already. Day by day in their order, so that two that
 * are moved to one person at once do not wait for each other. What is not over is from now on held by the person alone; guests
 * together have used what was used.
 */
export async function moveUsage(transaction: Transaction, from: string, to: string): Promise<void> {
  await transaction.execute(sql`
    with moved as (delete from app.usage_days where user_id = ${from} returning *),
    given_back as (
      update app.usage_days d
      set jobs_unfinished = d.jobs_unfinished - moved.jobs_unfinished, tokens_reserved = d.tokens_reserved - moved.tokens_reserved
      from moved where d.user_id = ${allGuests} and d.day = moved.day and moved.jobs_unfinished > 0
    )
    insert into app.usage_days as d (user_id, day, tokens_used, jobs_begun, jobs_unfinished, tokens_reserved, cost)
    select ${to}::uuid, day, tokens_used, jobs_begun, jobs_unfinished, tokens_reserved, cost from moved order by day
    on conflict (user_id, day) do update
    set tokens_used = d.tokens_used + excluded.tokens_used, cost = d.cost + excluded.cost,
        jobs_begun = d.jobs_begun + excluded.jobs_begun, jobs_unfinished = d.jobs_unfinished + excluded.jobs_unfinished,
        tokens_reserved = d.tokens_reserved + excluded.tokens_reserved`);
  await transaction.execute(sql`delete from app.usage_limits where user_id = ${from}`);
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type TestDatabase } from '@alva/testing';

/** Refresh tokens of so many people, each signed in once: rows as a sign-in leaves them. */
export async function signInPeople({ sql }: TestDatabase, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
  const rows = tokens.map((token) => ({
    userId: randomUUID(),
    sessionId: randomUUID(),
    hash: createHash('sha256').update(token).digest('hex'),
  }));
  await sql`
    with person as (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as p("userId" uuid, "sessionId" uuid, hash text)
    ), users as (
      insert into auth.users (id, email, email_verified_at) select "userId", "userId" || '@example.com', now() from person
    ), sessions as (
      insert into auth.sessions (id, user_id, amr, authenticated_at, expires_at)
      select "sessionId", "userId", '{email}', now(), now() + interval '30 days' from person
    )
    insert into auth.refresh_tokens (hash, session_id, sequence, expires_at)
    select decode(hash, 'hex'), "sessionId", 1, now() + interval '7 days' from person`;
  await sql`analyze auth.users, auth.sessions, auth.refresh_tokens`;
  return tokens;
}

/** Gives everybody the same password, as its hash; answers with their addresses. */
export async function setPasswords({ sql }: TestDatabase, hash: string): Promise<string[]> {
  await sql`insert into auth.passwords (user_id, hash) select id, ${hash} from auth.users`;
  const rows = await sql<{ email: string }[]>`select email from auth.users`;
  return rows.map(({ email }) => email);
}

/** Most rows that one statement makes, so that none runs for minutes. */
const batch = 100_000;

/**
 * An installation of so many sessions, one a person, of which one in a hundred ended at some time in the last month.
 * `rawTokenOf` says the refresh token of each.
 */
export async function fillWithSessions({ sql }: TestDatabase, count: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    await sql`
      with person as (
        select gen_random_uuid() as user_id, gen_random_uuid() as session_id,
          encode(sha256(convert_to('session ' || n, 'utf8')), 'base64') as token, random() * interval '29 days' as age,
          n % 100 = 99 as ended
        from generate_series(${from}::int, ${Math.min(count, from + batch) - 1}::int) n
      ), users as (
        insert into auth.users (id, email, email_verified_at) select user_id, user_id || '@example.com', now() from person
      ), sessions as (
        insert into auth.sessions
          (id, user_id, amr, authenticated_at, created_at, last_seen_at, expires_at, ended_at, end_reason)
        select session_id, user_id, '{email}', now() - age, now() - age, now() - age / 10, now() + interval '30 days' - age,
          case when ended then now() - age / 10 end, case when ended then 'signed-out' end
        from person
      )
      insert into auth.refresh_tokens (hash, session_id, sequence, expires_at)
      select sha256(convert_to(rtrim(translate(token, '+/', '-_'), '='), 'utf8')), session_id, 1, now() + interval '7 days'
      from person`;
  }
  await sql`vacuum analyze auth.users, auth.sessions, auth.refresh_tokens`;
}

/** The refresh token of a session that `fillWithSessions` made. */
export function rawTokenOf(index: number): string {
  return createHash('sha256').update(`session ${index}`).digest('base64url');
}

/** A session that has not ended, at this place or before it. */
export function openAt(index: number): number {
  return index % 100 === 99 ? index - 1 : index;
}

/** The successor in an answer's cookie. */
export function tokenIn(setCookie: readonly string[] | undefined): string | undefined {
  return /^(?:__Secure-)?refresh_token=([\w-]{43});/.exec(setCookie?.[0] ?? '')?.[1];
}

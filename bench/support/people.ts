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

/** The successor in an answer's cookie. */
export function tokenIn(setCookie: readonly string[] | undefined): string | undefined {
  return /^(?:__Secure-)?refresh_token=([\w-]{43});/.exec(setCookie?.[0] ?? '')?.[1];
}

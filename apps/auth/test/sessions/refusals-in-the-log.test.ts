import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { openSession, refresh, signOut, successorIn, type OpenSession } from '../support/sessions.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

/** Presents the token and returns the log line of that request. */
async function lineOf(token: string): Promise<Record<string, unknown>> {
  const before = auth.logged.length;
  await refresh(auth.url, token);
  for (;;) {
    const lines = auth.logged.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = lines.find(({ msg }) => msg === 'POST /auth/refresh');
    if (line) return line;
    // It is written after the answer.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Case = readonly [name: string, happens: (session: OpenSession) => Promise<unknown>, logged: object];

const cases: Case[] = [
  ['they signed out', ({ token }) => signOut(auth.url, token), { outcome: 'over', reason: 'signed-out' }],
  [
    'it was revoked',
    ({ sessionId }) => sql`update auth.sessions set ended_at = now(), end_reason = 'revoked' where id = ${sessionId}`,
    { outcome: 'over', reason: 'revoked' },
  ],
  [
    'it was not used for long',
    ({ sessionId }) => sql`update auth.refresh_tokens set expires_at = now() where session_id = ${sessionId}`,
    { outcome: 'over', reason: 'idle' },
  ],
  [
    'it reached its greatest age',
    ({ sessionId }) => sql`update auth.sessions set expires_at = now() where id = ${sessionId}`,
    { outcome: 'over', reason: 'too-old' },
  ],
  [
    'the account was disabled',
    ({ userId }) => sql`update auth.users set disabled_at = now() where id = ${userId}`,
    { outcome: 'disabled' },
  ],
  [
    'a spent token came back',
    async ({ token, sessionId }) => {
      successorIn(await refresh(auth.url, successorIn(await refresh(auth.url, token))));
      await sql`update auth.refresh_tokens set spent_at = spent_at - interval '1 minute' where session_id = ${sessionId}`;
    },
    { outcome: 'reused' },
  ],
  [
    'a spent token came back when its own time was over',
    async ({ token, sessionId }) => {
      successorIn(await refresh(auth.url, successorIn(await refresh(auth.url, token))));
      await sql`
        update auth.refresh_tokens set spent_at = spent_at - interval '1 minute', expires_at = now()
        where session_id = ${sessionId} and sequence = 1`;
    },
    { outcome: 'expired' },
  ],
];

for (const [name, happens, logged] of cases) {
  t.test(`the log says whose session could not be renewed, and why: ${name}`, async (t) => {
    const session = await openSession(auth);
    await happens(session);
    t.match(await lineOf(session.token), { status: 401, sid: session.sessionId, sub: session.userId, ...logged });
  });
}

t.test('of a token that nobody knows, the log says just that', async (t) => {
  const line = await lineOf('A'.repeat(43));
  t.match(line, { status: 401, problem: 'refresh-token-invalid', outcome: 'unknown' });
  t.notHas(line, { sid: String });
});

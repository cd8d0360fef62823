import t from 'tap';
import { hearEnds } from '../support/announcements.ts';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { addClient, introspect, revoke } from '../support/clients.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';
import { refreshTokenOf, signIn } from '../support/sign-in.ts';

const auth = await startAuth(t);
const client = await addClient(auth);
const { sql } = auth.database;

const ends = hearEnds(auth);

async function auditOf(sessionId: string) {
  return sql`select event, user_id, address, request_id, detail from auth.audit_events
    where session_id = ${sessionId} and event <> 'signed-in' order by id`;
}

t.test('revoking either token ends the whole session: answered, audited, told to everyone', async (t) => {
  for (const kind of ['access', 'refresh'] as const) {
    const { browser, tokens } = await signIn(auth);
    const seen = await introspect(auth, client, tokens.accessToken);
    if (!seen.active) throw new Error('The session should be open');
    const { sid, sub } = seen;
    const answer = await revoke(auth, client, kind === 'access' ? tokens.accessToken : refreshTokenOf(browser));
    t.match(answer, { status: 200, text: '', headers: { 'cache-control': 'no-store' } });

    t.equal((await browser.post('/auth/refresh')).status, 401);
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    t.equal((await ask(`${auth.url}/auth/me`, { headers })).status, 401);
    const { sessions } = (await ask(`${auth.url}/auth/revocations`)).json as { sessions: { sid: string }[] };
    t.match(
      sessions.find((ended) => ended.sid === sid),
      { reason: 'revoked' },
    );
    t.match(await auditOf(sid), [
      { event: 'token-revoked', user_id: sub, address: '127.0.0.1', request_id: String, detail: { client: client.id } },
    ]);
    t.equal(await ends.endOf(sid), 'revoked');
  }
});

t.test('a token that nobody knows, or that is over already, is answered alike', async (t) => {
  const { token } = await openSession(auth);
  t.equal((await revoke(auth, client, token)).status, 200);
  const before = await sql`select count(*) from auth.audit_events`;
  for (const dead of [token, 'A'.repeat(43), 'nonsense', 'a.b.c']) {
    t.match(await revoke(auth, client, dead), { status: 200, text: '' });
  }
  t.strictSame(await sql`select count(*) from auth.audit_events`, before, 'nothing happened, nothing is recorded');
});

t.test('a spent token revokes too, and is not taken for a theft', async (t) => {
  const { token, sessionId } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, token));
  await refresh(auth.url, second);
  t.equal((await revoke(auth, client, token)).status, 200);
  t.match(await auditOf(sessionId), [{ event: 'token-revoked' }]);
});

/** What the revocation, a refresh after its answer, and the successor that was won before it get to hear. */
async function race(): Promise<number[]> {
  const { token } = await openSession(auth);
  const renewals = Array.from({ length: 3 }, () => refresh(auth.url, token));
  const revoked = await revoke(auth, client, token);
  const late = await refresh(auth.url, token);
  const won = (await Promise.all(renewals)).find(({ status }) => status === 200);
  const afterwards = won ? await refresh(auth.url, successorIn(won)) : undefined;
  return [revoked.status, late.status, afterwards?.status ?? 401];
}

t.test('20: nothing refreshes after a revocation was answered, 200 rounds of one against the other', async (t) => {
  const rounds: number[][] = [];
  for (let batch = 0; batch < 20; batch += 1) rounds.push(...(await Promise.all(Array.from({ length: 10 }, race))));
  t.equal(rounds.length, 200);
  t.strictSame([...new Set(rounds.map(String))], ['200,401,401']);
});

t.test('two services revoking at once end one session once', async (t) => {
  const { token, sessionId } = await openSession(auth);
  const answers = await Promise.all(Array.from({ length: 20 }, () => revoke(auth, client, token)));
  t.ok(answers.every(({ status }) => status === 200));
  t.equal((await auditOf(sessionId)).length, 1);
});

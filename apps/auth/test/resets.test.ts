import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { startAuth, webOrigin, type Auth } from './support/auth.ts';
import { openSession, refresh } from './support/sessions.ts';

const auth = await startAuth(t, { env: { LOG_LEVEL: 'info' } });
const { sql } = auth.database;

/** Sends a request and resets the connection (RST) before anyone has looked at either. */
async function sendAndReset({ url }: Auth, lines: readonly string[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => {
    socket.write([...lines, '', ''].join('\r\n'));
    socket.resetAndDestroy();
  });
  await once(socket, 'close');
}

function signOutAndReset(token: string): Promise<void> {
  const headers = ['Host: auth', `Origin: ${webOrigin}`, `Cookie: refresh_token=${token}`, 'Content-Length: 0'];
  return sendAndReset(auth, ['POST /auth/logout HTTP/1.1', ...headers]);
}

t.test('12: whoever resets the connection is known by its address all the same, and nothing fails', async (t) => {
  const sessions = [];
  for (let count = 0; count < 50; count++) sessions.push(await openSession(auth));
  for (const { token } of sessions) await signOutAndReset(token);
  // Asked after all of them, so that most have been answered.
  for (let asked = 0; asked < 20; asked++) await refresh(auth.url, 'A'.repeat(43));

  const rows = await sql<{ ended: boolean; address: string | null }[]>`
    select s.ended_at is not null as ended, e.address
    from auth.sessions s left join auth.audit_events e on e.session_id = s.id and e.event = 'signed-out'
    where s.id = any(${sessions.map(({ sessionId }) => sessionId)})`;
  t.equal(rows.length, 50);
  for (const { ended, address } of rows) t.equal(address, ended ? '127.0.0.1' : null);
  const levels = auth.logged.map((line) => (JSON.parse(line) as { level: string }).level);
  t.strictSame(
    levels.filter((level) => level !== 'info'),
    [],
  );
});

import t from 'tap';
import { hearEnds } from '../support/announcements.ts';
import { openAdmin, openBearer } from '../support/admin.ts';
import { startAuth } from '../support/auth.ts';
import { openCareful } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { signIn, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

t.test(
  '25: an administrator resets the second factor of somebody who lost it, who is told and signed out',
  async (t) => {
    const ends = hearEnds(auth);
    const [admin, person] = [await openAdmin(auth), await openCareful(auth)];
    const [session] = await sql<{ id: string }[]>`select id from auth.sessions where user_id = ${person.id}`;
    const path = `/admin/users/${person.id}/second-factor`;
    t.equal(codeOf(await (await openBearer(auth)).send('DELETE', path)), 'forbidden');
    t.equal((await admin.send('DELETE', path)).status, 204);
    t.equal(await ends.endOf(session?.id ?? ''), 'revoked');
    t.match(await waitForMail(auth, person.email, ({ subject }) => subject.includes('reset your second factor')), {});
    await signIn(auth, person.email);
    t.match(
      await sql`select actor_id from auth.audit_events where user_id = ${person.id} and event = 'second-factor-reset'`,
      [{ actor_id: admin.id }],
    );
    t.equal((await admin.send('DELETE', path)).status, 204, 'nothing to do');
    const nobody = '0198c0de-0000-7000-8000-000000000000';
    t.equal(codeOf(await admin.send('DELETE', `/admin/users/${nobody}/second-factor`)), 'not-found');
  },
);

t.test('what decides who may do what wants a recent sign-in of the administrator, looking does not', async (t) => {
  const [admin, person] = [await openAdmin(auth), await openBearer(auth)];
  await sql`update auth.sessions set authenticated_at = now() - interval '11 minutes' where user_id = ${admin.id}`;
  const { json } = await admin.browser.post('/auth/refresh');
  const authorization = `Bearer ${(json as { accessToken: string }).accessToken}`;
  const changes = [
    ['PATCH', `/admin/users/${person.id}`, { disabled: true }],
    ['PATCH', `/admin/users/${person.id}`, { roles: ['user', 'admin'] }],
    ['DELETE', `/admin/users/${person.id}/second-factor`, undefined],
    ['POST', '/admin/keys/rotate', undefined],
  ] as const;
  for (const [method, path, body] of changes) {
    const answer = await admin.send(method, path, body, { authorization });
    t.match(answer, { status: 403, json: { code: 'step-up-required' } }, `${method} ${path}`);
  }
  t.equal((await admin.send('GET', `/admin/users/${person.id}`, undefined, { authorization })).status, 200);
  t.equal((await admin.send('DELETE', `/admin/users/${person.id}/sessions`, undefined, { authorization })).status, 204);
});

import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { openBearer } from '../support/admin.ts';

const auth = await startAuth(t);

t.test('a name is set, changed and taken away; the trail says that it changed and not what to', async (t) => {
  const ada = await openBearer(auth);
  t.match(await ada.get('/auth/me'), { status: 200, json: { name: null, email: ada.email, emailChange: null } });
  t.match(await ada.send('PATCH', '/auth/me', { name: '  Ada Lovelace ' }), { json: { name: 'Ada Lovelace' } });
  t.match(await ada.get('/auth/me'), { json: { name: 'Ada Lovelace' } });
  t.match(await ada.send('PATCH', '/auth/me', { name: null }), { status: 200, json: { name: null } });
  const trail = await auth.database
    .sql`select detail from auth.audit_events where user_id = ${ada.id} and event = 'name-changed'`;
  t.strictSame(
    trail.map(({ detail }) => detail as unknown),
    [{}, {}],
  );
});

t.test('29: rights never come from a body: what is not a name is refused', async (t) => {
  const ada = await openBearer(auth);
  const tries = [
    { name: 'x', roles: ['admin'] },
    { name: 'x', email: 'other@example.com' },
    { name: 'x', userId: ada.id },
    { name: 'x', emailVerified: true },
    {},
    { name: '' },
    { name: 'a\nb' },
    { name: 'x'.repeat(101) },
  ];
  for (const body of tries) t.equal((await ada.send('PATCH', '/auth/me', body)).status, 422, JSON.stringify(body));
  t.match(await ada.get('/auth/me'), { json: { name: null, email: ada.email, roles: ['user'] } });
});

import { keyRingStatus } from '@alva/validation';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { readKeyTrail, readRing } from '../support/keys.ts';
import { signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { ALVA_INIT_ADMIN_EMAIL: 'admin@example.com' } });
const admin = (await signIn(auth, 'admin@example.com')).tokens.accessToken;

function ofBearer(token: string, path: string, method = 'GET') {
  return ask(auth.url + path, { method, headers: { authorization: `Bearer ${token}` } });
}

t.test('administrators see the ring of keys, and nothing secret in it', async (t) => {
  const answer = await ofBearer(admin, '/admin/keys');
  t.equal(answer.status, 200, answer.text);
  t.ok(keyRingStatus.strict().safeParse(answer.json).success);
  const [current, next] = await readRing(auth.database);
  t.match(answer.json, {
    keys: [
      { kid: current?.kid, state: 'current', activatedAt: String, retiredAt: null },
      { kid: next?.kid, state: 'next', activatedAt: null, retiredAt: null },
    ],
    rotation: { possibleAt: String, plannedAt: String },
  });
  t.notMatch(answer.text, /sealed|private/i);
});

t.test('the ring of keys is for administrators only', async (t) => {
  const user = (await signIn(auth)).tokens.accessToken;
  t.match(await ofBearer(user, '/admin/keys'), { status: 403, json: { code: 'forbidden' } });
  t.match(await ask(`${auth.url}/admin/keys`), { status: 401, json: { code: 'authentication-required' } });
  t.match(await ofBearer(user, '/admin/keys/rotate', 'POST'), { status: 403, json: { code: 'forbidden' } });
});

t.test('an administrator rotates once the next key is known to everyone, and not before', async (t) => {
  const [current, next] = await readRing(auth.database);
  const before = await readKeyTrail(auth.database);
  const tooYoung = await ofBearer(admin, '/admin/keys/rotate', 'POST');
  t.match(tooYoung, { status: 409, json: { code: 'key-too-young', detail: /^The next key can sign from 20.*Z$/ } });
  t.strictSame(await readKeyTrail(auth.database), before);

  await letTimePass(auth.database, '15 minutes');
  const rotated = await ofBearer(admin, '/admin/keys/rotate', 'POST');
  t.match(rotated, {
    status: 200,
    json: {
      keys: [
        { kid: current?.kid, state: 'previous', retiredAt: String },
        { kid: next?.kid, state: 'current' },
        { state: 'next' },
      ],
    },
  });
  t.equal(auth.resources.keyRing.current().kid, next?.kid);
  t.equal((await ofBearer(admin, '/admin/keys')).status, 200, 'tokens of the key before stay good');
  const [event] = await auth.database.sql`
    select e.*, u.email as actor from auth.audit_events e join auth.users u on u.id = e.actor_id
    where event = 'key-activated'`;
  t.match(event, {
    actor: 'admin@example.com',
    session_id: String,
    address: '127.0.0.1',
    request_id: rotated.headers['x-request-id'],
    detail: { kid: next?.kid, cause: 'administrator' },
  });
});

t.test('administrators who rotate at once rotate once', async (t) => {
  await letTimePass(auth.database, '15 minutes');
  const answers = await Promise.all(Array.from({ length: 8 }, () => ofBearer(admin, '/admin/keys/rotate', 'POST')));
  t.strictSame(answers.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(409)]);
});

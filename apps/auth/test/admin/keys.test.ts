import { keyRingStatus } from '@alva/validation';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { signIn } from '../support/sign-in.ts';

const auth = await startAuth(t, { env: { ALVA_INIT_ADMIN_EMAIL: 'admin@example.com' } });
const admin = (await signIn(auth, 'admin@example.com')).tokens.accessToken;

function ofBearer(token: string, path: string, method = 'GET') {
  return ask(auth.url + path, { method, headers: { authorization: `Bearer ${token}` } });
}

t.test('administrators see the ring of keys, and nothing secret in it', async (t) => {
  const answer = await ofBearer(admin, '/admin/keys');
  t.equal(answer.status, 200, answer.text);
  t.ok(keyRingStatus.strict().safeParse(answer.json).success);
  t.match(answer.json, { keys: [{ kid: auth.resources.keyRing.current().kid, state: 'current', retiredAt: null }] });
  t.notMatch(answer.text, /sealed|private/i);
});

t.test('the ring of keys is for administrators only', async (t) => {
  const user = (await signIn(auth)).tokens.accessToken;
  t.match(await ofBearer(user, '/admin/keys'), { status: 403, json: { code: 'forbidden' } });
  t.match(await ask(`${auth.url}/admin/keys`), { status: 401, json: { code: 'authentication-required' } });
});

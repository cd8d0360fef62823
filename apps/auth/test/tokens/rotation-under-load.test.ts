import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import t from 'tap';
import { readPrivateKey, toKeyPair } from '../../src/tokens/key-pair.ts';
import { startAuth, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { newPem, readKeyTrail } from '../support/keys.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const minute = 60_000;
const jwksLifetime = 5 * minute;
const clock = { offset: 0 };
const now = () => Date.now() + clock.offset;

/** Holds an answer as long as the JWK set says it may be held. */
function held<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  let readAt = 0;
  return () => {
    if (!answer || now() - readAt >= jwksLifetime) [answer, readAt] = [read(), now()];
    return answer;
  };
}

/**
 * The least alert verifier there may be: it sees the keys through a cache of five minutes, keeps them for five minutes more,
 * and asks nobody about a key it does not know.
 */
function openVerifier(fetchKeys: () => Promise<JSONWebKeySet>, issuer: string) {
  const keys = held(fetchKeys);
  return async (token: string) => {
    const set = createLocalJWKSet(await keys());
    await jwtVerify(token, set, { issuer, audience: 'alva', algorithms: ['ES256'], currentDate: new Date(now()) });
  };
}

t.test('rotation under load: zero 401s', async (t) => {
  const env = { KEY_ROTATION_INTERVAL: '1h' };
  const auth = await startAuth(t, { env, now });
  const copies = [auth, await startAuth(t, { env, now, database: auth.database })];
  const copyOf = (number: number) => copies[number % copies.length] ?? auth;

  let fetches = 0;
  const edgeCache = held(async () => {
    const { json } = await ask(`${copyOf(fetches++).url}/.well-known/jwks.json`);
    return json as JSONWebKeySet;
  });
  const verifiers: ReturnType<typeof openVerifier>[] = [];

  const refused: string[] = [];
  const seen = new Set<string>();
  let checks = 0;

  /** Renews at one copy or the other whenever their token is old, and uses it everywhere all the time. */
  async function openPerson(number: number) {
    let { token } = await openSession(auth);
    let accessToken = '';
    let renewAt = 0;
    return async (step: number) => {
      if (now() >= renewAt) {
        const answer = await refresh(copyOf(step + number).url, token);
        token = successorIn(answer);
        ({ accessToken } = answer.json as { accessToken: string });
        seen.add(String(decodeProtectedHeader(accessToken).kid));
        // Some wait until shortly before the end, some hardly at all.
        renewAt = now() + (1 + 2 * number) * minute;
      }
      const uses = copies.map(async ({ url }: Auth) => {
        const answer = await ask(`${url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
        if (answer.status !== 200) refused.push(`${step}: ${answer.status} ${answer.text}`);
      });
      const verifications = verifiers.map(async (verify, index) => {
        await verify(accessToken).catch((error: unknown) =>
          refused.push(`${step}, verifier ${index}: ${String(error)}`),
        );
      });
      await Promise.all([...uses, ...verifications]);
      checks += uses.length + verifications.length;
    };
  }
  const people = await Promise.all(Array.from({ length: 7 }, (_, number) => openPerson(number)));

  for (let step = 0; step < 290; step++) {
    // Verifiers whose five minutes begin at different moments.
    if (verifiers.length < 5) verifiers.push(openVerifier(edgeCache, auth.config.AUTH_URL));
    await letTimePass(auth.database, '1 minute');
    clock.offset += minute;
    // The key that is to sign next is replaced at the last moment, so that each has been published as short as may be.
    if (step % 71 === 56) {
      await auth.resources.keyRotation.add(await toKeyPair(readPrivateKey(newPem())), { cause: 'command' });
    }
    // Each copy looks every other minute, which is ten times as seldom as in life.
    await Promise.all([copyOf(step).resources.keyRing.reload(), ...people.map((act) => act(step))]);
  }

  const rotations = (await readKeyTrail(auth.database)).filter(
    ({ cause, event }) => cause === 'schedule' && event === 'key-activated',
  );
  t.strictSame(refused.slice(0, 5), []);
  t.equal(rotations.length, 4);
  t.equal(seen.size, 5, 'tokens of every key were in use');
  t.comment(`${checks} checks, ${rotations.length} rotations, ${refused.length} refused`);
});

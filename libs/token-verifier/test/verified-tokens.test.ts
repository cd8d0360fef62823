import { randomUUID } from 'node:crypto';
import t from 'tap';
import type { VerificationKey } from '../src/key-document.ts';
import { createVerifiedTokens } from '../src/verified-tokens.ts';
import { openVerifier, serveKeys, verdict } from './harness.ts';
import { createKey, issue } from './issuer.ts';

void t.test('a remembered token is answered at once with the same frozen claims', async (t) => {
  const key = createKey();
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const token = issue(key);
  const claims = await verifier.verify(token);
  t.equal(verifier.verify(token), claims);
  t.ok(Object.isFrozen(claims) && Object.isFrozen(claims.roles) && Object.isFrozen(claims.amr));
});

void t.test('a remembered token expires like any other', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const { verifier, clock } = await openVerifier(t, server.uri);
  const token = issue(key, { exp: 1_800_000_000 + 60 });
  t.equal(await verdict(verifier, token), 'accepted');
  clock.sleep(89_999);
  t.equal(await verdict(verifier, token), 'accepted');
  clock.sleep(1);
  t.equal(await verdict(verifier, token), 'expired');
});

void t.test('a revoked session is refused at once, remembered tokens and new ones alike', async (t) => {
  const key = createKey();
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const [sid, other] = [randomUUID(), randomUUID()];
  const token = issue(key, { sid });
  t.equal(await verdict(verifier, token), 'accepted');
  verifier.revokeSession(sid);
  t.equal(await verdict(verifier, token), 'revoked');
  t.equal(await verdict(verifier, issue(key, { sid })), 'revoked');
  t.equal(await verdict(verifier, issue(key, { sid: other })), 'accepted');
});

void t.test('a revocation outlives every token of its session, and no shorter one cuts it', async (t) => {
  const key = createKey();
  const { verifier, clock } = await openVerifier(t, (await serveKeys(t, key)).uri, { maximumLifetime: 3600 });
  const sid = randomUUID();
  const token = issue(key, { sid, iat: 1_800_000_000 + 30, exp: 1_800_000_000 + 3630 });
  verifier.revokeSession(sid);
  verifier.revokeSession(sid, clock.now() - 1000);
  verifier.revokeSession(randomUUID(), clock.now() - 1000);
  clock.sleep(3_659_999);
  verifier.revokeSession(randomUUID());
  t.equal(await verdict(verifier, token), 'revoked');
  clock.sleep(1);
  t.equal(await verdict(verifier, token), 'expired');
});

void t.test('without a cache every token is verified anew', async (t) => {
  const key = createKey();
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri, { cacheCapacity: 0 });
  const token = issue(key);
  const claims = await verifier.verify(token);
  t.not(await verifier.verify(token), claims);
});

void t.test('memory is bounded: what is used stays, what is not is forgotten', async (t) => {
  const tokens = createVerifiedTokens(10);
  // The cache looks into neither.
  const verified = { claims: {} as never, key: {} as VerificationKey };
  for (let index = 0; index < 1000; index += 1) {
    tokens.remember(`token-${index}`, verified);
    tokens.recall('token-0');
  }
  const kept = Array.from({ length: 1000 }, (_, index) => tokens.recall(`token-${index}`)).filter(Boolean);
  t.ok(kept.length <= 10);
  t.ok(tokens.recall('token-0'));
  t.notOk(tokens.recall('token-500'));
});

void t.test(
  'half of what may be remembered is remembered in any case, and what is older than all of it is not',
  async (t) => {
    const tokens = createVerifiedTokens(10);
    const verified = { claims: {} as never, key: {} as VerificationKey };
    const known = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => tokens.recall(`token-${from + index}`)).every(Boolean);
    for (let index = 0; index <= 4; index += 1) tokens.remember(`token-${index}`, verified);
    t.ok(known(0, 4));
    for (let index = 5; index <= 10; index += 1) tokens.remember(`token-${index}`, verified);
    t.notOk(tokens.recall('token-0'));
    t.ok(known(6, 10));
  },
);

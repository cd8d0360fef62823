import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { createTokenVerifier, type TokenVerifierOptions } from '../src/index.ts';
import { openVerifier, serveKeys, verdict } from './harness.ts';
import { openProduct, serveIssuer } from './issuer-server.ts';
import { createKey, issue, start } from './issuer.ts';

const minute = 60_000;

void t.test(
  'a new key is known before it signs, and the old one keeps verifying: rotation refuses nobody',
  async (t) => {
    const [current, next] = [createKey(), createKey()];
    const server = await serveKeys(t, current);
    const { verifier, clock } = await openVerifier(t, server.uri);
    t.equal(await verdict(verifier, issue(current)), 'accepted');
    server.publish(next, current);
    await clock.runScheduled();
    t.equal(await verdict(verifier, issue(next)), 'accepted');
    t.equal(await verdict(verifier, issue(current)), 'accepted');
    t.equal(server.requests, 2, 'fetched in the background, not for the token');
    t.equal(verifier.state().keys, 2);
  },
);

void t.test('a key that was published a moment ago is fetched for the first token it signed', async (t) => {
  const [current, next] = [createKey(), createKey()];
  const server = await serveKeys(t, current);
  const { verifier } = await openVerifier(t, server.uri);
  await verifier.verify(issue(current));
  server.publish(next, current);
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => verdict(verifier, issue(next))));
  t.same(new Set(verdicts), new Set(['accepted']));
  t.equal(server.requests, 2, 'in a single flight');
});

void t.test('27: a flood of unknown kids causes at most one fetch per 30 seconds', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const { verifier, clock } = await openVerifier(t, server.uri);
  await verifier.verify(issue(key));
  const stranger = createKey();
  async function flood() {
    for (let index = 0; index < 200; index += 1) {
      const reason = await verdict(verifier, issue(stranger, {}, { kid: `unknown-${index}` }));
      if (reason !== 'unknown-key') t.fail(reason);
    }
  }
  await flood();
  t.equal(server.requests, 2);
  clock.sleep(29_999);
  await flood();
  t.equal(server.requests, 2);
  clock.sleep(1);
  await flood();
  t.equal(server.requests, 3);
  t.equal(await verdict(verifier, issue(key)), 'accepted', 'and nobody else notices');
});

void t.test('28: a removed key stops verifying within 5 minutes, also for tokens verified before', async (t) => {
  const [removed, kept] = [createKey(), createKey()];
  const server = await serveKeys(t, removed, kept);
  const { verifier, clock } = await openVerifier(t, server.uri);
  const token = issue(removed);
  t.equal(await verdict(verifier, token), 'accepted');
  server.publish(kept);
  clock.sleep(5 * minute - 1);
  t.equal(await verdict(verifier, token), 'accepted');
  clock.sleep(1);
  t.equal(await verdict(verifier, token), 'unknown-key', 'even when no timer woke up in the meantime');
  t.equal(await verdict(verifier, issue(kept)), 'accepted');
});

void t.test('another key under the kid of an old one does not inherit its tokens', async (t) => {
  const old = createKey('same');
  const server = await serveKeys(t, old);
  const { verifier, clock } = await openVerifier(t, server.uri);
  const token = issue(old);
  await verifier.verify(token);
  server.publish(createKey('same'));
  await clock.runScheduled();
  t.equal(await verdict(verifier, token), 'signature');
});

void t.test('37: auth down: every valid token is served for its lifetime, without waiting', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const failures: unknown[] = [];
  const { verifier, clock } = await openVerifier(t, server.uri, {
    onFetchFailed: (_error, what) => failures.push(what),
  });
  const token = issue(key, { exp: 1_800_000_000 + 3600 });
  t.equal(verifier.state().keysAge, undefined);
  await verifier.verify(token);
  t.equal(verifier.state().keysAge, 0);
  server.answer = (response) => response.destroy();
  for (let tries = 1; tries <= 12; tries += 1) {
    await clock.runScheduled();
    t.equal(failures.length, tries);
    t.notOk(verifier.verify(token) instanceof Promise);
  }
  clock.sleep(30 * minute);
  t.notOk(verifier.verify(token) instanceof Promise, 'stale by far, still served');
  t.ok((verifier.state().keysAge ?? 0) >= 30 * 60, 'and how old they are is known, in seconds');
  const iat = Math.floor(clock.now() / 1000);
  t.equal(await verdict(verifier, issue(key, { iat, exp: iat + 900 })), 'accepted');

  await clock.fetched(14);
  const before = clock.now();
  server.publish(key);
  await clock.runScheduled();
  t.ok(clock.now() - before <= 30_000, 'recovers within 30 seconds');
  t.same(failures, Array(13).fill('keys'));
});

void t.test('27: an answer of garbage keeps the last good keys', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const failures: string[] = [];
  const { verifier, clock } = await openVerifier(t, server.uri, {
    onFetchFailed: (error) => failures.push(String(error)),
  });
  await verifier.verify(issue(key));
  const body = (text: string) => (response: ServerResponse) => response.end(text);
  const garbage: [answer: (response: ServerResponse) => unknown, complaint: RegExp][] = [
    [body(''), /JSON/],
    [body('<html>'), /JSON/],
    [body('null'), /not a JWK Set/],
    [body('[]'), /not a JWK Set/],
    [body('{}'), /not a JWK Set/],
    [body('{"keys":{}}'), /not a JWK Set/],
    [body('{"keys":[]}'), /holds no ES256 key/],
    [body('{"keys":[null,1,"x",{}]}'), /holds no ES256 key/],
    [body(JSON.stringify({ keys: [key.jwk, createKey(key.kid).jwk] })), /repeats a kid/],
    [body(JSON.stringify({ keys: Array.from({ length: 33 }, () => createKey().jwk) })), /not a JWK Set/],
    [body(`{"keys":[${JSON.stringify(key.jwk)}],"padding":"${'x'.repeat(70_000)}"}`), /too long/],
    [(response) => response.writeHead(500).end(JSON.stringify({ keys: [createKey().jwk] })), /answered 500/],
    [(response) => response.writeHead(404).end(), /has no JWK Set/],
    [(response) => response.writeHead(302, { location: server.uri }).end(), /fetch failed/],
    [
      (response) => {
        response.write('{"keys"', () => response.destroy());
      },
      /terminated/,
    ],
  ];
  for (const [index, [answer, complaint]] of garbage.entries()) {
    server.answer = answer;
    await clock.runScheduled();
    t.equal(failures.length, index + 1);
    t.match(failures[index], complaint);
    const iat = Math.floor(clock.now() / 1000);
    t.equal(await verdict(verifier, issue(key, { iat, exp: iat + 900 })), 'accepted');
  }
});

void t.test('keys that leave out what they are for, and as many of them as there may be, are good', async (t) => {
  const [sparse, explicit] = [createKey(), createKey()];
  const { kty, crv, kid, x, y } = sparse.jwk;
  const others = Array.from({ length: 30 }, () => createKey().jwk);
  const server = await serveKeys(t);
  const listed = [...others, { kty, crv, kid, x, y }, { ...explicit.jwk, key_ops: ['verify'] }];
  server.answer = (response) => response.end(JSON.stringify({ keys: listed }));
  const { verifier } = await openVerifier(t, server.uri);
  for (const key of [sparse, explicit]) t.equal(await verdict(verifier, issue(key)), 'accepted');
  t.equal(verifier.state().keys, 32);
});

void t.test('26: only public EC P-256 signature keys are taken from a set', async (t) => {
  const good = createKey('good');
  const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { publicKey: p384 } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const other = createKey('other');
  const onSecp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' });
  const zeros = Buffer.alloc(32).toString('base64url');
  const unusable: Record<string, unknown>[] = [
    { ...rsa.export({ format: 'jwk' }), kid: 'other' },
    { ...p384.export({ format: 'jwk' }), kid: 'other', alg: 'ES256' },
    { kty: 'oct', k: 'AAAA', kid: 'other', alg: 'ES256' },
    { ...other.jwk, use: 'enc' },
    { ...other.jwk, alg: 'ES384' },
    { ...other.jwk, key_ops: ['sign'] },
    { ...other.jwk, ...other.privateKey.export({ format: 'jwk' }) },
    { ...other.jwk, kid: undefined },
    { ...other.jwk, kid: 'a b' },
    { ...other.jwk, x: good.jwk.x },
    { ...other.jwk, y: undefined },
    { ...other.jwk, x: 'AA', y: 'AA' },
    { ...other.jwk, x: zeros, y: zeros },
    { ...other.jwk, x: onSecp256k1.x, y: onSecp256k1.y },
    { ...other.jwk, crv: 'secp256k1', x: onSecp256k1.x, y: onSecp256k1.y },
    { ...other.jwk, crv: 'p-256' },
    { ...other.jwk, kty: 'ec' },
    { ...other.jwk, kty: 'OKP', crv: 'Ed25519' },
    { ...other.jwk, x: `${String(other.jwk['x'])}=` },
    { ...other.jwk, x: `${String(other.jwk['x'])}AA` },
    { ...other.jwk, x: [other.jwk['x']] },
    { ...other.jwk, key_ops: 'verify' },
    { ...other.jwk, use: null },
    { ...other.jwk, kid: 7 },
  ];
  for (const jwk of unusable) {
    const server = await serveKeys(t);
    server.answer = (response) => response.end(JSON.stringify({ keys: [jwk, good.jwk] }));
    const { verifier } = await openVerifier(t, server.uri);
    t.equal(await verdict(verifier, issue(good)), 'accepted');
    t.equal(await verdict(verifier, issue(other)), 'unknown-key', JSON.stringify(jwk).slice(0, 60));
  }
});

void t.test('37: keys are unavailable only until the first were had', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  server.answer = (response) => response.writeHead(503).end();
  const { verifier, clock } = await openVerifier(t, server.uri);
  t.equal(await verdict(verifier, issue(key)), 'KeysUnavailable');
  await t.rejects(async () => verifier.verify(issue(key)), { name: 'KeysUnavailable', cause: /answered 503/ });
  t.equal(server.requests, 1, 'who asks in vain is answered at once and does not add to the load');
  t.equal(await verdict(verifier, 'garbage'), 'malformed', 'what could never be valid is still refused');
  t.notOk(verifier.hasKeys());
  server.publish(key);
  await clock.runScheduled();
  t.ok(verifier.hasKeys(), 'had without any request asking');
  t.equal(await verdict(verifier, issue(key)), 'accepted');
});

void t.test('the first requests wait for the first fetch', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const { verifier } = await openVerifier(t, server.uri);
  const verdicts = await Promise.all(Array.from({ length: 10 }, () => verdict(verifier, issue(key))));
  t.same(new Set(verdicts), new Set(['accepted']));
  t.equal(server.requests, 1);
});

void t.test('without keys, requests wait for a try that is due, also when no timer woke up for it', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  server.answer = (response) => response.writeHead(503).end();
  let at = start;
  const pauses: number[] = [];
  const schedule = (_run: () => void, pause: number) => {
    pauses.push(pause);
    return () => {};
  };
  const { verifier } = await openVerifier(t, server.uri, { now: () => at, schedule });
  t.equal(await verdict(verifier, issue(key)), 'KeysUnavailable');
  server.publish(key);
  const [pause = NaN] = pauses;
  at += pause - 1;
  t.equal(await verdict(verifier, issue(key)), 'KeysUnavailable');
  t.equal(server.requests, 1);
  at += 1;
  t.equal(await verdict(verifier, issue(key)), 'accepted');
});

void t.test('a fetch for an unknown key takes the place of the one that was planned', async (t) => {
  const issuer = await serveIssuer(t, createKey());
  const { verifier, timers } = openProduct(t, issuer, { revocationsUri: false });
  await verdict(verifier, issue(createKey(), { iss: issuer.url }));
  t.equal(issuer.asked.keys, 2);
  t.equal(timers.pauses().length, 1);
});

void t.test('a verifier that is closed while it fetches neither complains nor plans another try', async (t) => {
  const key = createKey();
  const issuer = await serveIssuer(t, key);
  const { promise: aborted, resolve } = Promise.withResolvers<unknown>();
  const fetch = (_address: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((_answered, reject) => {
      signal?.addEventListener('abort', () => {
        reject(signal.reason as Error);
        resolve(undefined);
      });
    });
  const { verifier, timers, failures } = openProduct(t, issuer, { fetch, revocationsUri: false });
  verifier.close();
  await aborted;
  await setImmediate();
  t.same(failures, []);
  t.same(timers.pauses(), []);
});

void t.test('a closed verifier asks nobody any more', async (t) => {
  const key = createKey();
  const server = await serveKeys(t, key);
  const { verifier, clock } = await openVerifier(t, server.uri);
  await verifier.verify(issue(key));
  verifier.close();
  await t.rejects(clock.runScheduled(), /nothing is scheduled/);
  clock.sleep(6 * minute);
  t.equal(await verdict(verifier, issue(createKey())), 'unknown-key');
  t.equal(server.requests, 1);
});

void t.test('a key whose coordinates begin with zeros is a key like any other', async (t) => {
  let key = createKey();
  while (!String(key.jwk['x']).startsWith('AA')) key = createKey();
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  t.equal(await verdict(verifier, issue(key)), 'accepted');
});

void t.test('keys and revocations are looked for at the issuer unless their addresses are given', async (t) => {
  const asked = (options: Partial<TokenVerifierOptions>) => {
    const addresses: string[] = [];
    const fetch = (address: unknown) => {
      addresses.push(String(address));
      return Promise.reject(new Error('not here'));
    };
    createTokenVerifier({ issuer: 'https://auth.example.com/base', fetch, ...options }).close();
    return addresses.sort();
  };
  const [jwksUri, revocationsUri] = ['http://auth:3002/keys', 'http://auth:3002/ended'];
  t.same(asked({}), [
    'https://auth.example.com/base/.well-known/jwks.json',
    'https://auth.example.com/base/auth/revocations',
    'https://auth.example.com/base/auth/revocations/events',
  ]);
  t.same(asked({ jwksUri, revocationsUri }), [revocationsUri, `${revocationsUri}/events`, jwksUri]);
  t.same(asked({ jwksUri, revocationsUri, followRevocations: false }), [revocationsUri, jwksUri]);
  t.same(asked({ jwksUri, revocationsUri: false }), [jwksUri]);
});

void t.test('an issuer that no token can name is refused at once', async (t) => {
  const bad = [
    'xhttps://a.example',
    '',
    'auth.example.com',
    'ftp://a.example',
    'https://a.example/',
    'https://a.example?x',
    'https://a.example#',
  ];
  for (const issuer of bad)
    t.throws(() => createTokenVerifier({ issuer }), /^issuer must be the address of auth/, issuer);
});

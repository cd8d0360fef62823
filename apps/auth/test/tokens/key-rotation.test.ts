import { createTestDatabase, type TestDatabase } from '@alva/testing';
import t from 'tap';
import { toKeyPair, readPrivateKey } from '../../src/tokens/key-pair.ts';
import { startAuth, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { bootCopy } from '../support/copies.ts';
import { countStates, newPem, readKeyTrail, readRing } from '../support/keys.ts';
import { openSession, refresh } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const wholeRing = { current: 1, next: 1 };
const byCommand = { cause: 'command' } as const;

async function bootCopies(t: { teardown(handler: () => unknown): void }, database: TestDatabase, count: number) {
  return Promise.all(Array.from({ length: count }, () => bootCopy(t, database)));
}

/** An access token of a person who just signed in at this copy. */
async function newToken(auth: Auth): Promise<string> {
  const { token } = await openSession(auth);
  const { json } = await refresh(auth.url, token);
  return (json as { accessToken: string }).accessToken;
}

async function statusAt({ url }: Auth, token: string): Promise<number> {
  return (await ask(`${url}/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;
}

t.test('copies that tick at once rotate once', async (t) => {
  const database = await createTestDatabase(t);
  const copies = await bootCopies(t, database, 10);
  for (let round = 1; round <= 3; round++) {
    const [, next] = (await readRing(database)).filter(({ state }) => state !== 'previous');
    await letTimePass(database, '31 days');
    await Promise.all(copies.map(({ keyRing }) => keyRing.reload()));
    t.strictSame(await countStates(database), { previous: 1, ...wholeRing });
    t.strictSame(new Set(copies.map(({ keyRing }) => keyRing.current().kid)), new Set([next?.kid]));
  }
  const events = Map.groupBy(await readKeyTrail(database), ({ event, cause }) => `${event} ${cause}`);
  t.equal(events.get('key-activated schedule')?.length, 3);
  t.equal(events.get('key-added schedule')?.length, 3);
  t.equal(events.get('key-removed schedule')?.length, 2);
});

t.test('whatever is done to the ring at once, it stays whole: one key signs, one waits', async (t) => {
  const database = await createTestDatabase(t);
  const copies = await bootCopies(t, database, 4);
  for (let round = 0; round < 10; round++) {
    await letTimePass(database, '31 days');
    const leaked = copies[0]?.keyRing.current().kid ?? '';
    const acts = copies.flatMap(({ keyRing, keyRotation }) => [
      () => keyRing.reload(),
      () => keyRotation.rotate(byCommand),
      () => keyRotation.rotateAtOnce(leaked, byCommand),
      async () => keyRotation.add(await toKeyPair(readPrivateKey(newPem())), byCommand),
    ]);
    const outcomes = await Promise.allSettled(acts.map((act) => act()));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') t.match(outcome.reason, { problem: 'key-too-young' });
    }
    t.match(await countStates(database), wholeRing);
    await Promise.all(copies.map(({ keyRing }) => keyRing.reload()));
    t.equal(new Set(copies.map(({ keyRing }) => keyRing.current().kid)).size, 1);
  }
});

t.test('a key signs only after a quarter of an hour in the JWK set, however overdue the rotation is', async (t) => {
  const database = await createTestDatabase(t);
  const { keyRing, keyRotation } = await bootCopy(t, database);
  await letTimePass(database, '31 days');
  await keyRotation.add(await toKeyPair(readPrivateKey(newPem())), byCommand);
  const { kid } = keyRing.current();
  for (const [pause, signs] of [
    ['0 seconds', true],
    ['14 minutes', true],
    ['1 minute', false],
  ] as const) {
    await letTimePass(database, pause);
    if (signs) await t.rejects(keyRotation.rotate(byCommand), /can sign from 20/);
    await keyRing.reload();
    t.equal(keyRing.current().kid === kid, signs, pause);
  }
});

t.test(
  'a retired key verifies for twenty minutes, or longer than any token it signed, and is removed then',
  async (t) => {
    for (const [ttl, kept] of [
      ['15m', '20 minutes'],
      ['1m', '20 minutes'],
      ['2h', '2 hours 5 minutes'],
    ] as const) {
      const database = await createTestDatabase(t);
      const { keyRing } = await bootCopy(t, database, { ACCESS_TOKEN_TTL: ttl });
      await letTimePass(database, '31 days');
      await keyRing.reload();
      await letTimePass(database, kept);
      await database.sql`update auth.signing_keys set retired_at = retired_at + interval '1 minute'`;
      await keyRing.reload();
      t.equal(keyRing.jwks().keys.length, 3, ttl);
      await letTimePass(database, '1 minute');
      await keyRing.reload();
      t.equal(keyRing.jwks().keys.length, 2, ttl);
    }
  },
);

t.test('what a copy signs that has not heard of the rotation is accepted everywhere', async (t) => {
  const stale = await startAuth(t);
  const copy = await startAuth(t, { database: stale.database });
  const earlier = await newToken(stale);
  await letTimePass(stale.database, '31 days');
  await copy.resources.keyRing.reload();
  const [late, fresh] = [await newToken(stale), await newToken(copy)];
  t.equal(late.split('.')[0], earlier.split('.')[0]);
  t.not(late.split('.')[0], fresh.split('.')[0]);
  for (const auth of [stale, copy]) for (const token of [late, fresh]) t.equal(await statusAt(auth, token), 200);
});

t.test('28: a removed key stops verifying', async (t) => {
  const auth = await startAuth(t);
  const copy = await startAuth(t, { database: auth.database });
  const token = await newToken(auth);
  t.equal(await statusAt(copy, token), 200);
  await auth.resources.keyRotation.rotateAtOnce(auth.resources.keyRing.current().kid, byCommand);
  for (const { resources } of [auth, copy]) await resources.keyRing.reload();
  for (const one of [auth, copy]) t.equal(await statusAt(one, token), 401);
  t.equal(await statusAt(copy, await newToken(auth)), 200, 'people renew and go on');
});

t.test('a key that another copy brought in a second ago is found, by everyone who presents it at once', async (t) => {
  const auth = await startAuth(t);
  const copy = await startAuth(t, { database: auth.database });
  for (let time = 0; time < 2; time++) {
    await auth.resources.keyRotation.rotateAtOnce(auth.resources.keyRing.current().kid, byCommand);
    await auth.resources.keyRing.reload();
  }
  const token = await newToken(auth);
  const statuses = await Promise.all(Array.from({ length: 30 }, () => statusAt(copy, token)));
  t.strictSame(new Set(statuses), new Set([200]));
});

t.test('a ring that cannot be read is kept as it is known, and the failure counted', async (t) => {
  const auth = await startAuth(t);
  const { keyRing } = auth.resources;
  const token = await newToken(auth);
  await auth.database.sql`alter table auth.signing_keys rename to hidden`;
  await t.rejects(keyRing.reload());
  t.equal(await statusAt(auth, token), 200);
  t.equal(await statusAt(auth, await newToken(auth)), 200);
  t.match(await auth.metrics.registry.metrics(), /^auth_signing_key_reload_failures_total\S* 1$/m);
  await auth.database.sql`alter table auth.hidden rename to signing_keys`;
  await keyRing.reload();
});

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { sessionList, type Session, type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { openCountries } from '../../src/http/countries.ts';
import { hearEnds } from '../support/announcements.ts';
import { newAddress, startAuth, webOrigin } from '../support/auth.ts';
import { ask, type Answer } from '../support/browser.ts';
import { openSession, refresh, signOut, successorIn, tokenIn, type OpenSession } from '../support/sessions.ts';
import { waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { TRUST_PROXY: '1' } });
const copy = await startAuth(t, { database: auth.database });
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

/** A session as its browser holds it: the newest refresh token and an access token. */
interface Held extends OpenSession {
  readonly current: string;
  readonly accessToken: string;
}

async function hold(email: string, headers: Record<string, string> = {}): Promise<Held> {
  const session = await openSession(auth, email);
  const answer = await present('/auth/refresh', session.token, headers);
  return { ...session, current: successorIn(answer), accessToken: (answer.json as TokenAnswer).accessToken };
}

function present(path: string, token: string, headers: Record<string, string> = {}): Promise<Answer> {
  const cookie = `refresh_token=${token}`;
  return ask(auth.url + path, { method: 'POST', headers: { origin: webOrigin, cookie, ...headers } });
}

function as({ accessToken }: Held, method: string, path: string): Promise<Answer> {
  return ask(copy.url + path, { method, headers: { authorization: `Bearer ${accessToken}` } });
}

async function sessionsOf(held: Held, query = ''): Promise<Session[]> {
  const { status, json, text } = await as(held, 'GET', `/auth/sessions${query}`);
  if (status !== 200) throw new Error(`No list: ${status} ${text}`);
  return sessionList.parse(json).items;
}

/** 'open' when the session can be renewed and its access token is taken, 'over' when neither. */
async function stateOf(held: Held): Promise<string> {
  const me = (await as(held, 'GET', '/auth/me')).status;
  const renewed = (await refresh(auth.url, held.current)).status;
  return me === 200 && renewed === 200 ? 'open' : me === 401 && renewed === 401 ? 'over' : `${me} ${renewed}`;
}

t.test('a person sees where they are signed in: device, country, address, times, the present one marked', async (t) => {
  const email = newAddress();
  const desk = await hold(email, { 'user-agent': firefox, 'x-forwarded-for': '193.99.144.80' });
  const phone = await hold(email, { 'user-agent': safari, 'x-forwarded-for': '2001:4860:4860::8888' });
  await hold(newAddress());
  const sessions = await sessionsOf(phone);
  t.match(sessions, [
    {
      id: phone.sessionId,
      current: true,
      device: 'Safari on iOS',
      country: 'US',
      address: '2001:4860:4860::8888',
      amr: ['email'],
    },
    { id: desk.sessionId, current: false, device: 'Firefox on Linux', country: 'DE', address: '193.99.144.80' },
  ]);
  t.equal(sessions.length, 2);
  for (const { createdAt, lastSeenAt, expiresAt } of sessions) {
    t.ok(createdAt <= lastSeenAt && lastSeenAt < expiresAt);
    t.equal(Date.parse(expiresAt) - Date.parse(createdAt), 30 * 86_400_000);
  }
});

t.test(
  'addresses are stored in one spelling, in sessions and trail alike, and what is no address is not',
  async (t) => {
    const stored: [string | null, string | null, string][] = [
      ['193.99.144.80', 'DE', '::ffff:193.99.144.80'],
      ['193.99.144.80', 'DE', '193.99.144.80:443'],
      ['2001:4860:4860::8888', 'US', '[2001:4860:4860:0::8888]:443'],
      ['fe80::1', null, 'fe80::1%eth0'],
      [null, null, '<script>alert(1)</script>'],
      [null, null, 'x'.repeat(8_000)],
    ];
    for (const [address, country, written] of stored) {
      const headers = { 'x-forwarded-for': written };
      const held = await hold(newAddress(), headers);
      t.match(await sessionsOf(held), [{ address, country }], written.slice(0, 50));
      await present('/auth/logout', held.current, headers);
      const [row] = await auth.database
        .sql`select address from auth.audit_events where session_id = ${held.sessionId} and event = 'signed-out'`;
      t.strictSame(row?.['address'], address, written.slice(0, 50));
    }
  },
);

t.test('a session is seen where it was last renewed; a browser that says nothing stays what it was', async (t) => {
  const held = await hold(newAddress(), { 'user-agent': firefox, 'x-forwarded-for': '193.99.144.80' });
  const [before] = await sessionsOf(held);
  await letTimePass(auth.database, '1 hour');
  await present('/auth/refresh', held.current, { 'x-forwarded-for': '8.8.8.8' });
  const [after] = await sessionsOf(held);
  t.match(after, { device: 'Firefox on Linux', country: 'US', address: '8.8.8.8' });
  t.ok(Date.parse(after?.lastSeenAt ?? '') - Date.parse(before?.createdAt ?? '') >= 0);
  t.equal(Date.parse(after?.lastSeenAt ?? '') - Date.parse(after?.createdAt ?? '') >= 3_600_000, true);
});

t.test('what is over is not listed: signed out, unused for too long, at its absolute end', async (t) => {
  const email = newAddress();
  const gone = await hold(email);
  await signOut(auth.url, gone.current);
  await hold(email);
  await letTimePass(auth.database, '7 days 1 second');
  const held = await hold(email);
  t.strictSame(
    (await sessionsOf(held)).map(({ id }) => id),
    [held.sessionId],
  );
});

t.test('the list is paged, newest first', async (t) => {
  const email = newAddress();
  const held = [];
  for (let index = 0; index < 5; index++) held.unshift(await hold(email));
  const [newest] = held;
  if (!newest) throw new Error('There is no session');
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { json } = await as(newest, 'GET', `/auth/sessions?limit=2${cursor && `&cursor=${cursor}`}`);
    const { items, nextCursor } = sessionList.parse(json);
    t.ok(items.length <= 2);
    seen.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  t.strictSame(
    seen,
    held.map(({ sessionId }) => sessionId),
  );
  t.equal((await as(newest, 'GET', '/auth/sessions?cursor=x')).status, 422);
});

t.test('ending one session ends that one, everywhere, for cause', async (t) => {
  const ends = hearEnds(copy);
  const email = newAddress();
  const [held, other, third] = [await hold(email), await hold(email), await hold(email)];
  const answer = await as(held, 'DELETE', `/auth/sessions/${other.sessionId}`);
  t.equal(answer.status, 204);
  t.strictSame(answer.setCookies, [], 'the cookie of the one that asks is left alone');
  t.equal(await ends.endOf(other.sessionId), 'revoked');
  t.strictSame([await stateOf(held), await stateOf(other), await stateOf(third)], ['open', 'over', 'open']);
  t.equal((await as(held, 'DELETE', `/auth/sessions/${other.sessionId}`)).status, 404, 'there is no such session now');
  const events = await auth.database
    .sql`select event, user_id from auth.audit_events where session_id = ${other.sessionId} order by id`;
  t.match(events, [{ event: 'signed-in' }, { event: 'session-revoked', user_id: other.userId }]);
});

t.test('29: another’s session is 404 and stays open; so is what cannot be one', async (t) => {
  const [held, stranger] = [await hold(newAddress()), await hold(newAddress())];
  for (const id of [stranger.sessionId, 'x', `${stranger.sessionId}'`, '%00', '00000000-0000-0000-0000-000000000000'])
    t.equal((await as(held, 'DELETE', `/auth/sessions/${id}`)).status, 404, id);
  t.equal(await stateOf(stranger), 'open');
});

t.test('ending the session that asks is an ordinary sign-out and clears the cookie', async (t) => {
  const ends = hearEnds(copy);
  const held = await hold(newAddress());
  const answer = await as(held, 'DELETE', `/auth/sessions/${held.sessionId}`);
  t.equal(answer.status, 204);
  t.equal(tokenIn(answer), '');
  t.equal(await ends.endOf(held.sessionId), 'signed-out');
  t.equal(await stateOf(held), 'over');
});

t.test(
  '29: an identifier in upper case is the same identifier: its own session ends, and the cookie goes',
  async (t) => {
    const held = await hold(newAddress());
    const answer = await as(held, 'DELETE', `/auth/sessions/${held.sessionId.toUpperCase()}`);
    t.strictSame([answer.status, tokenIn(answer)], [204, '']);
    t.equal(await stateOf(held), 'over');
  },
);

t.test('ending the others keeps the one that asks, and other people’s', async (t) => {
  const ends = hearEnds(copy);
  const email = newAddress();
  const [held, second, third, stranger] = [
    await hold(email),
    await hold(email),
    await hold(email),
    await hold(newAddress()),
  ];
  t.equal((await as(held, 'DELETE', '/auth/sessions')).status, 204);
  t.strictSame(
    [await stateOf(held), await stateOf(second), await stateOf(third), await stateOf(stranger)],
    ['open', 'over', 'over', 'open'],
  );
  t.strictSame(await Promise.all([second, third].map(({ sessionId }) => ends.endOf(sessionId))), [
    'revoked',
    'revoked',
  ]);
  t.equal((await as(held, 'DELETE', '/auth/sessions')).status, 204, 'nothing to end is no error');
});

t.test('signing out everywhere: this session by its owner’s ordinary act, the others for cause', async (t) => {
  const ends = hearEnds(copy);
  const email = newAddress();
  const [held, other, stranger] = [await hold(email), await hold(email), await hold(newAddress())];
  const answer = await present('/auth/logout-all', held.current);
  t.equal(answer.status, 204);
  t.equal(tokenIn(answer), '');
  t.strictSame([await stateOf(held), await stateOf(other), await stateOf(stranger)], ['over', 'over', 'open']);
  t.strictSame(await Promise.all([held, other].map(({ sessionId }) => ends.endOf(sessionId))), [
    'signed-out',
    'revoked',
  ]);
});

t.test('a dead cookie signs nobody out elsewhere, and is no error', async (t) => {
  const email = newAddress();
  const [dead, alive] = [await hold(email), await hold(email)];
  await signOut(auth.url, dead.current);
  for (const token of [dead.current, dead.token, 'A'.repeat(43), 'x']) {
    const answer = await present('/auth/logout-all', token);
    t.equal(answer.status, 204);
    t.equal(tokenIn(answer), '');
  }
  t.equal((await ask(`${auth.url}/auth/logout-all`, { method: 'POST', headers: { origin: webOrigin } })).status, 204);
  t.equal(await stateOf(alive), 'open');
});

for (const path of ['/auth/logout', '/auth/logout-all']) {
  t.test(`${path}: a link that was replaced long ago is a theft here too, and no remote control`, async (t) => {
    const ends = hearEnds(copy);
    const email = newAddress();
    const [stolen, other] = [await hold(email), await hold(email)];
    const current = successorIn(await refresh(auth.url, stolen.current));
    await letTimePass(auth.database, '3 days');
    const answer = await present(path, stolen.token);
    t.equal(answer.status, 204);
    t.equal(tokenIn(answer), '');
    t.equal(await ends.endOf(stolen.sessionId), 'reuse-detected');
    t.equal((await refresh(auth.url, current)).status, 401);
    t.equal((await refresh(auth.url, other.current)).status, 200, 'the other session lives on');
    const [event] = await auth.database
      .sql`select event from auth.audit_events where session_id = ${stolen.sessionId} order by id desc limit 1`;
    t.match(event, { event: 'refresh-token-reused' });
    await waitForMail(auth, email, ({ subject }) => subject.includes('ended one of your'));
  });
}

t.test('the predecessor of a token that was never used signs out like that token, however late', async (t) => {
  const ends = hearEnds(copy);
  const held = await hold(newAddress());
  await letTimePass(auth.database, '3 days');
  t.equal((await signOut(auth.url, held.token)).status, 204);
  t.equal(await ends.endOf(held.sessionId), 'signed-out');
});

t.test('what is over already cannot be ended: 404, and nothing is recorded', async (t) => {
  const email = newAddress();
  const [expired] = [await hold(email)];
  await letTimePass(auth.database, '31 days');
  const held = await hold(email);
  t.equal((await as(held, 'DELETE', `/auth/sessions/${expired.sessionId}`)).status, 404);
  t.equal((await as(held, 'DELETE', '/auth/sessions')).status, 204);
  const events = await auth.database.sql`select event from auth.audit_events where session_id = ${expired.sessionId}`;
  t.match(events, [{ event: 'signed-in' }]);
});

t.test('whoever was put out while their request was on its way puts out nobody', async (t) => {
  const email = newAddress();
  const [owner, thief] = [await hold(email), await hold(email)];
  for (const path of ['/auth/sessions', `/auth/sessions/${owner.sessionId}`]) {
    const held = await holdBack(path, thief.accessToken);
    await as(owner, 'DELETE', `/auth/sessions/${thief.sessionId}`);
    t.match(await held.finish(), /^HTTP\/1\.1 401 /);
  }
  t.equal(await stateOf(owner), 'open');
});

/** A DELETE whose body lacks its last byte: headers are judged at once, the handler waits for the rest. */
async function holdBack(path: string, token: string): Promise<{ finish(): Promise<string> }> {
  const socket = connect(Number(new URL(auth.url).port), '127.0.0.1');
  const lines = [
    `DELETE ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Content-Length: 2',
    'Connection: close',
  ];
  const { sessions } = auth.resources.stores;
  const findPerson = sessions.findPerson.bind(sessions);
  const passed = Promise.withResolvers<undefined>();
  sessions.findPerson = async (id) => {
    const person = await findPerson(id);
    passed.resolve(undefined);
    return person;
  };
  socket.write(`${lines.join('\r\n')}\r\n\r\n{`);
  await passed.promise;
  sessions.findPerson = findPerson;
  return {
    finish() {
      socket.write('}');
      return text(socket);
    },
  };
}

t.test('24: foreign pages sign nobody out everywhere', async (t) => {
  const held = await hold(newAddress());
  for (const origin of ['https://evil.example', 'null', 'http://evil.localhost:3000'])
    t.equal((await present('/auth/logout-all', held.current, { origin })).status, 403);
  t.equal(await stateOf(held), 'open');
});

t.test('20: nothing refreshes after everything was ended: 100 rounds of refresh against logout-all', async (t) => {
  let survived = 0;
  for (let round = 0; round < 100; round++) {
    const email = newAddress();
    const [held, other] = [await openSession(auth, email), await openSession(auth, email)];
    const starts = [
      () => refresh(auth.url, other.token),
      () => refresh(copy.url, other.token),
      () => present('/auth/logout-all', held.token),
    ];
    const answers = await Promise.all((round % 2 ? starts : starts.toReversed()).map((start) => start()));
    for (const value of new Set([held.token, other.token, ...answers.map((answer) => tokenIn(answer) ?? '')]))
      if ((await refresh(copy.url, value)).status !== 401) survived++;
  }
  t.equal(survived, 0);
});

t.test('ten ends of the same session at once end it once', async (t) => {
  const email = newAddress();
  const [held, other] = [await hold(email), await hold(email)];
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => as(held, 'DELETE', `/auth/sessions/${other.sessionId}`)),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [204, ...Array<number>(9).fill(404)]);
  const [row] = await auth.database
    .sql`select count(*)::int as ends from auth.audit_events where session_id = ${other.sessionId} and event = 'session-revoked'`;
  t.match(row, { ends: 1 });
});

t.test('the country of an address is found offline, and unknown is no error', async (t) => {
  const countryOf = await openCountries();
  t.equal(countryOf('193.99.144.80'), 'DE');
  t.equal(countryOf('2001:4860:4860::8888'), 'US');
  for (const address of ['127.0.0.1', '::1', '10.0.0.1', 'fe80::1', null]) t.equal(countryOf(address), null);
});

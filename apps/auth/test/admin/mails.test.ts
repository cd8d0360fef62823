import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openAdmin, openBearer } from '../support/admin.ts';
import { ask } from '../support/browser.ts';
import { queueMail, sampleMail, waitForRecord } from '../support/mails.ts';
import { codeOf } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const admin = await openAdmin(auth);

interface Listed {
  readonly items: { id: string; state: string; kind: string; user: { id: string } | null }[];
  readonly nextCursor: string | null;
}

async function list(query: string): Promise<Listed> {
  const answer = await admin.get(`/admin/mails${query}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json as Listed;
}

async function sent(to: string, name = 'sign-in'): Promise<string> {
  const id = await queueMail(auth, sampleMail(name, to));
  await waitForRecord(auth, id);
  return id;
}

t.test('mails of a person, of an address nobody has, in any case, and by state', async (t) => {
  const person = await openBearer(auth);
  const id = await sent(person.email, 'new-device');
  const { items } = await list(`?userId=${person.id}`);
  t.match(items[0], {
    id,
    kind: 'new-device',
    state: 'sent',
    reason: null,
    attempts: 1,
    transport: 'inbox',
    providerId: null,
    user: { id: person.id, email: person.email, name: null },
    createdAt: /Z$/,
    sentAt: /Z$/,
    settledAt: /Z$/,
  });
  const stranger = newAddress();
  const unknown = await sent(stranger);
  t.match((await list(`?recipient=${stranger.toUpperCase().replace('EXAMPLE.COM', 'example.com')}`)).items, [
    { id: unknown, user: null },
  ]);
  await auth.resources.stores.mails.recordReport({
    ...{ id: unknown, providerId: 'x', state: 'bounced', reason: 'permanent general', at: Date.now() },
  });
  t.strictSame(
    (await list('?state=bounced')).items.map((mail) => mail.id),
    [unknown],
  );
  t.strictSame((await list(`?state=bounced&userId=${person.id}`)).items, []);
});

t.test('a mail that was lost with its queue has expired all the same', async (t) => {
  const to = newAddress();
  const { hashRecipient, stores } = auth.resources;
  const id = '01900000-0000-7000-8000-00000000aaaa';
  await stores.mails.insert({
    id,
    kind: 'sign-in',
    to,
    recipientHash: hashRecipient(to),
    userId: undefined,
    lifetime: 60,
  });
  t.match((await list(`?recipient=${to}&state=queued`)).items, [{ id, state: 'queued', settledAt: null }]);
  await letTimePass(auth.database, '61 seconds');
  t.match((await list(`?recipient=${to}&state=expired`)).items, [{ id, state: 'expired' }]);
  t.strictSame((await list(`?recipient=${to}&state=queued`)).items, []);
});

t.test('newest first, in pages that what comes meanwhile does not move', async (t) => {
  const to = newAddress();
  const ids = [];
  for (let mail = 0; mail < 5; mail++) ids.unshift(await sent(to));
  const first = await list(`?recipient=${to}&limit=2`);
  await sent(to);
  const second = await list(`?recipient=${to}&limit=2&cursor=${first.nextCursor ?? ''}`);
  const third = await list(`?recipient=${to}&limit=2&cursor=${second.nextCursor ?? ''}`);
  t.strictSame(
    [first, second, third].flatMap(({ items }) => items.map(({ id }) => id)),
    ids,
  );
  t.equal(third.nextCursor, null);
});

t.test('for administrators only, and strict in what it takes', async (t) => {
  const person = await openBearer(auth);
  t.equal((await ask(`${auth.url}/admin/mails`)).status, 401);
  t.equal(codeOf(await person.get('/admin/mails')), 'forbidden');
  for (const query of ['?state=lost', '?recipient=a@b@c', '?userId=1', '?cursor=x', '?limit=0', '?subject=x'])
    t.equal((await admin.get(`/admin/mails${query}`)).status, 422, query);
});

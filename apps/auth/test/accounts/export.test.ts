import { randomBytes } from 'node:crypto';
import { type DataExport } from '@alva/validation';
import t from 'tap';
import { seal } from '../../src/secrets/seal.ts';
import { startAuth } from '../support/auth.ts';
import { openBearer, type Bearer } from '../support/admin.ts';
import { waitForLetter } from '../support/letters.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { EXPORT_LIMIT: '2/1d' } });
const { sql } = auth.database;

const order = (person: Bearer) => person.send('POST', '/auth/me/export');
const download = (person: Bearer) => person.get('/auth/me/export/download');

async function untilReady(person: Bearer): Promise<void> {
  while (((await person.get('/auth/me/export')).json as DataExport).state !== 'ready');
}

t.test('a copy is made as a job, mailed of, and downloaded by its owner as often as they like', async (t) => {
  const ada = await openBearer(auth);
  t.equal((await ada.get('/auth/me/export')).status, 404);
  t.equal((await download(ada)).status, 404);
  await ada.send('PATCH', '/auth/me', { name: 'Ada Lovelace' });
  t.match(await order(ada), { status: 202, json: { askedAt: String, expiresAt: String } });
  await untilReady(ada);
  const letter = await waitForLetter(auth, ada.email, /^Your Alva data is ready/);
  t.match(letter.link, /\/settings\/account$/, 'the letter alone opens nothing');
  for (let n = 0; n < 2; n++) {
    const { status, json, headers } = await download(ada);
    t.equal(status, 200);
    t.match(headers['content-disposition'], /attachment/);
    t.match(json, { person: [{ id: ada.id, email: ada.email, name: 'Ada Lovelace' }], sessions: [{ amr: ['email'] }] });
    t.match(JSON.stringify(json), /signed-in/, 'what the trail says about them is theirs to read');
  }
});

t.test('23: neither a copy nor a database dump holds anything that opens something', async (t) => {
  const ada = await openBearer(auth);
  await order(ada);
  await untilReady(ada);
  const { text } = await download(ada);
  t.notMatch(text, /hash|sealed|secret|token_/);
  const [row] = await sql<{ sealed: Buffer }[]>`select sealed from auth.data_exports where user_id = ${ada.id}`;
  t.notMatch(row?.sealed.toString('latin1'), new RegExp(ada.email));
});

t.test('29: what a copy holds is one person’s', async (t) => {
  const [ada, grace] = [await openBearer(auth), await openBearer(auth)];
  await order(ada);
  await untilReady(ada);
  t.equal((await download(grace)).status, 404);
  const { text } = await download(ada);
  t.notMatch(text, new RegExp(`${grace.id}|${grace.email}`));
});

t.test('one at a time, a few a day, and gone after one', async (t) => {
  const ada = await openBearer(auth);
  await sql`
    insert into auth.data_exports (user_id, id, expires_at)
    values (${ada.id}, gen_random_uuid(), now() + interval '1 day')`;
  t.equal((await order(ada)).status, 202);
  t.equal((await sql`select from auth.audit_events where user_id = ${ada.id} and event = 'export-asked'`).length, 0);
  await untilReady(ada);
  t.equal((await order(ada)).status, 202);
  await untilReady(ada);
  t.equal((await order(ada)).status, 202);
  await untilReady(ada);
  t.match(await order(ada), { status: 429, headers: { 'retry-after': /^\d+$/ } });
  await letTimePass(auth.database, '25 hours');
  await auth.resources.pruner.prune();
  t.equal((await sql`select from auth.data_exports`).length, 0);
});

t.test('a copy sealed under a KEY_ENCRYPTION_KEY of before is none, and another can be asked for', async (t) => {
  const ada = await openBearer(auth);
  await order(ada);
  await untilReady(ada);
  const sealed = seal(randomBytes(32), '{}', 'x');
  await sql`update auth.data_exports set sealed = ${sealed} where user_id = ${ada.id}`;
  t.equal((await download(ada)).status, 404);
  t.equal((await ada.get('/auth/me/export')).status, 404, 'the page offers to ask for one');
  const isSaid = (line: string) => line.includes('under another KEY_ENCRYPTION_KEY') && line.includes(ada.id);
  t.equal(auth.logged.filter(isSaid).length, 1);
  t.equal(
    (await sql`select from auth.audit_events where user_id = ${ada.id} and event = 'export-downloaded'`).length,
    0,
  );
  t.equal((await order(ada)).status, 202);
  await untilReady(ada);
  t.equal((await download(ada)).status, 200);
});

t.test('asking and downloading want a sign-in of the last ten minutes; looking does not', async (t) => {
  const ada = await openBearer(auth);
  await letTimePass(auth.database, '11 minutes');
  const { json } = await ada.browser.post('/auth/refresh');
  const headers = { authorization: `Bearer ${(json as { accessToken: string }).accessToken}` };
  t.equal((await ada.send('POST', '/auth/me/export', undefined, headers)).status, 403);
  t.equal((await ada.send('GET', '/auth/me/export/download', undefined, headers)).status, 403);
  t.equal((await ada.send('GET', '/auth/me/export', undefined, headers)).status, 404);
});

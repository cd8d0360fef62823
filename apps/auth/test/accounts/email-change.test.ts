import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBearer } from '../support/admin.ts';
import { hearEnds } from '../support/announcements.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { openMoves } from '../support/email-changes.ts';
import { subjectsTo, tokenInLetter, tokenOf, waitForLetter } from '../support/letters.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, signIn, waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { EMAIL_CHANGE_LIMIT: '3/1h' } });
const copy = await startAuth(t, { database: auth.database, env: { EMAIL_CHANGE_LIMIT: '3/1h' } });
const { sql } = auth.database;

const { confirm, undo, begin, move, addressOf, toOld } = openMoves(auth);

t.test('an account moves once both mailboxes have agreed, in either order, and not before', async (t) => {
  for (const order of ['old first', 'new first']) {
    const ada = await openBearer(auth);
    const change = await begin(ada);
    const [first, second] = order === 'old first' ? [change.old, change.new] : [change.new, change.old];
    const waiting = { state: order === 'old first' ? 'waiting-for-new' : 'waiting-for-old' };
    t.match(await confirm(first), { status: 200, json: waiting });
    t.match(await confirm(first), { status: 200, json: waiting }, 'a second click is no other mailbox');
    t.equal(await addressOf(ada.id), ada.email);
    t.match(await ada.get('/auth/me'), {
      json: {
        emailChange: { email: change.to, oldConfirmed: order === 'old first', newConfirmed: order !== 'old first' },
      },
    });
    t.match(await confirm(second), { status: 200, json: { state: 'moved' } });
    t.match(await ada.get('/auth/me'), { json: { email: change.to, emailVerified: true, emailChange: null } });
    t.equal(codeOf(await confirm(second)), 'link-used');
  }
});

t.test(
  'the session that asked goes on, all others end for cause, and the next token names the new address',
  async (t) => {
    const ends = hearEnds(copy);
    const ada = await openBearer(auth);
    const elsewhere = await signIn(auth, ada.email);
    const { to } = await move(ada);
    t.equal((await elsewhere.browser.post('/auth/refresh')).status, 401);
    const [row] = await sql<{ id: string }[]>`
    select id from auth.sessions where user_id = ${ada.id} and end_reason = 'revoked'`;
    t.equal(await ends.endOf(row?.id ?? ''), 'revoked');
    t.match(await ada.browser.post('/auth/refresh'), { status: 200, json: { user: { email: to } } });
  },
);

t.test('10: links of the old and of the new address, codes and reset tokens die with the move', async (t) => {
  const ada = await openBearer(auth);
  const to = newAddress();
  const browsers = [openBrowser(auth.url), openBrowser(auth.url)] as const;
  const change = await begin(ada, to);
  const oldLink = await askForLink(auth, browsers[0], ada.email);
  const newLink = await askForLink(auth, browsers[1], to);
  await sql`
    insert into auth.one_time_tokens (id, purpose, token_hash, user_id, user_email, email, expires_at)
    values (gen_random_uuid(), 'reset-password', sha256('x'), ${ada.id}, ${ada.email}, ${ada.email}, now() + interval '1 hour')`;
  await confirm(change.old);
  await confirm(change.new);
  t.equal((await browsers[0].post('/auth/verify-magic-link', { token: oldLink.token })).status, 401);
  t.equal((await browsers[1].post('/auth/verify-magic-link', { token: newLink.token })).status, 401);
  const live = await sql`select from auth.one_time_tokens where user_id = ${ada.id} and spent_at is null`;
  t.equal(live.length, 0);
  t.equal((await signIn(auth, to)).tokens.user.id, ada.id, 'a new link to the new address signs in');
});

t.test(
  '8: an address that somebody has is answered like any other; its owner gets a notice that opens nothing',
  async (t) => {
    const [ada, grace] = [await openBearer(auth), await openBearer(auth)];
    const free = await ada.send('POST', '/auth/me/email', { email: newAddress() });
    const taken = await ada.send('POST', '/auth/me/email', { email: grace.email });
    t.equal(taken.status, free.status);
    t.equal(taken.text, free.text);
    const notice = await waitForLetter(auth, grace.email, /^Your address was entered/);
    t.notMatch(notice.html, /token=/);
    t.notMatch(notice.html, new RegExp(ada.email), 'nor does it say who asked');
    const asking = await waitForMail(
      auth,
      ada.email,
      ({ subject, text }) => toOld.test(subject) && text.includes(grace.email),
    );
    t.match(await confirm(tokenOf(asking)), { json: { state: 'waiting-for-new' } }, 'the old mailbox learns no more');
    t.equal(await addressOf(ada.id), ada.email);
  },
);

t.test('an address that somebody got meanwhile stays theirs', async (t) => {
  const ada = await openBearer(auth);
  const change = await begin(ada);
  const grace = await openBearer(auth, change.to);
  await confirm(change.old);
  t.equal(codeOf(await confirm(change.new)), 'conflict');
  t.equal(await addressOf(ada.id), ada.email);
  t.equal(await addressOf(grace.id), change.to);
});

t.test('2, 3: links of an age, of another purpose, superseded or called off move nothing', async (t) => {
  const ada = await openBearer(auth);
  const first = await begin(ada);
  await ada.send('POST', '/auth/me/email', { email: newAddress() });
  t.equal(codeOf(await confirm(first.new)), 'link-superseded');
  t.equal(codeOf(await undo(first.old)), 'link-invalid');
  t.equal((await ada.send('DELETE', '/auth/me/email')).status, 204);
  t.match(await ada.get('/auth/me'), { json: { emailChange: null } });

  const grace = await openBearer(auth);
  const { token } = await askForLink(auth, openBrowser(auth.url), grace.email);
  t.equal(codeOf(await confirm(token)), 'link-invalid', 'a sign-in link confirms nothing');
  const change = await begin(grace);
  t.equal(
    (await openBrowser(auth.url).post('/auth/verify-magic-link', { token: change.old, confirm: 'here' })).status,
    401,
  );
  await confirm(change.old);
  await letTimePass(auth.database, '25 hours');
  t.equal(codeOf(await confirm(change.new)), 'link-expired');
  t.equal(await addressOf(grace.id), grace.email);
});

t.test('whoever was put out has asked for nothing; an ordinary sign-out takes nothing back', async (t) => {
  const email = newAddress();
  const [thief, owner] = [await openBearer(auth, email), await openBearer(auth, email)];
  const stolen = await begin(thief);
  await confirm(stolen.new);
  t.equal((await owner.send('DELETE', '/auth/sessions')).status, 204);
  t.equal(codeOf(await confirm(stolen.old)), 'link-invalid');

  const own = await begin(owner);
  await owner.browser.post('/auth/logout');
  await confirm(own.old);
  t.match(await confirm(own.new), { json: { state: 'moved' } });
});

t.test('the old mailbox takes a move back: the address returns, everybody is signed out', async (t) => {
  const ends = hearEnds(copy);
  const ada = await openBearer(auth);
  const { to, undo: back } = await move(ada);
  const [row] = await sql<
    { id: string }[]
  >`select id from auth.sessions where user_id = ${ada.id} and ended_at is null`;
  t.equal((await undo(back)).status, 204);
  t.equal(await addressOf(ada.id), ada.email);
  t.equal(await ends.endOf(row?.id ?? ''), 'revoked');
  t.equal((await ada.browser.post('/auth/refresh')).status, 401);
  t.equal(codeOf(await undo(back)), 'link-used');
  t.ok(await waitForLetter(auth, to, /was removed from an Alva account/));
  t.equal((await signIn(auth, ada.email)).tokens.user.id, ada.id);
});

t.test(
  'whoever moves an account on does not outrun the first owner, whose word undoes the later ways back',
  async (t) => {
    const ada = await openBearer(auth);
    const first = await move(ada);
    const thief = { ...ada, email: first.to };
    const second = await move(thief);
    t.equal((await undo(first.undo)).status, 204);
    t.equal(await addressOf(ada.id), ada.email);
    t.equal(codeOf(await undo(second.undo)), 'link-used');
    t.equal(await addressOf(ada.id), ada.email);
  },
);

t.test('3: the way back is open for three days', async (t) => {
  const ada = await openBearer(auth);
  const { to, undo: back } = await move(ada);
  await letTimePass(auth.database, '73 hours');
  t.equal(codeOf(await undo(back)), 'link-expired');
  t.equal(await addressOf(ada.id), to);
});

t.test('1: of a hundred confirmations at once at two copies one moves the account', async (t) => {
  const ada = await openBearer(auth);
  const change = await begin(ada);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => confirm(n % 2 ? change.old : change.new, n % 4 < 2 ? auth : copy)),
  );
  const movedOnes = answers.filter(({ json }) => (json as { state?: string }).state === 'moved');
  t.equal(movedOnes.length, 1);
  t.strictSame([...new Set(answers.map(({ status }) => status))].sort(), [200, 401]);
  const events = await sql`select from auth.audit_events where user_id = ${ada.id} and event = 'email-changed'`;
  t.equal(events.length, 1);
});

t.test('two accounts that want the same address at once: one gets it, the other is told', async (t) => {
  for (let round = 0; round < 10; round++) {
    const [ada, grace] = [await openBearer(auth), await openBearer(auth)];
    const one = await begin(ada);
    await grace.send('POST', '/auth/me/email', { email: one.to });
    const letters = await waitForTwo(one.to);
    const others = letters.filter((token) => token !== one.new);
    await confirm(one.old);
    await confirm(await tokenInLetter(auth, grace.email, toOld));
    const answers = await Promise.all([confirm(one.new), confirm(others[0] ?? '', copy)]);
    t.strictSame(answers.map(({ status }) => status).sort(), [200, 409]);
  }
});

async function waitForTwo(to: string): Promise<string[]> {
  for (;;) {
    const { json } = await ask(`${auth.url}/dev/inbox.json?to=${encodeURIComponent(to)}`);
    const links = (json as { link: string | null }[]).flatMap(({ link }) => link ?? []);
    if (links.length > 1) return links.map((link) => new URL(link).hash.replace('#token=', ''));
  }
}

t.test('asking wants a sign-in of the last ten minutes', async (t) => {
  const ada = await openBearer(auth);
  await letTimePass(auth.database, '11 minutes');
  const { json } = await ada.browser.post('/auth/refresh');
  const authorization = `Bearer ${(json as { accessToken: string }).accessToken}`;
  const answer = await ada.send('POST', '/auth/me/email', { email: newAddress() }, { authorization });
  t.match(answer, { status: 403, json: { code: 'step-up-required', maxAge: 600 } });
});

t.test('12: changes are limited for each account, and nobody is mailed beyond that', async (t) => {
  const ada = await openBearer(auth);
  for (let n = 0; n < 3; n++) t.equal((await ada.send('POST', '/auth/me/email', { email: newAddress() })).status, 202);
  const last = newAddress();
  const refused = await ada.send('POST', '/auth/me/email', { email: last });
  t.match(refused, { status: 429, headers: { 'retry-after': /^\d+$/ } });
  t.strictSame(await subjectsTo(auth, last), []);
  t.equal((await ada.send('POST', '/auth/me/email', { email: ada.email })).status, 422);
});

import { randomBytes } from 'node:crypto';
import t from 'tap';
import { openBearer } from '../support/admin.ts';
import { hearEnds } from '../support/announcements.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { subjectsTo, tokenInLetter, waitForLetter } from '../support/letters.ts';
import { goodPassword, logIn } from '../support/passwords.ts';
import { runPeople } from '../support/people-command.ts';
import { addPasskey, expectOk, openCareful, showFirstFactor, signInWithPasskey } from '../support/second-factor.ts';
import { codeOf, openSession } from '../support/sessions.ts';
import { askForLink, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const people = (...args: string[]) => runPeople(auth, args);

async function trailOf(userId: string): Promise<string[]> {
  const rows = await sql<{ event: string }[]>`
    select event from auth.audit_events where user_id = ${userId} and request_id is null and actor_id is null order by id`;
  return rows.map(({ event }) => event);
}

/** Somebody who is signed in, with a password, a passkey, an account elsewhere and a second factor. */
async function openEverything() {
  const person = await openCareful(auth);
  const { authenticator } = await addPasskey(auth, person, {});
  const set = await person.send('PUT', '/auth/password', { password: goodPassword });
  if (set.status !== 204) expectOk(set);
  await sql`
    insert into auth.identities (id, user_id, issuer, subject, provider, email)
    values (gen_random_uuid(), ${person.id}, 'https://issuer.example', ${person.id}, 'oidc', 'ada@issuer.example')`;
  return { ...person, authenticator };
}

t.test('an operator sees what opens an account, and a move or a deletion that is under way', async (t) => {
  const { email, send } = await openEverything();
  const to = newAddress();
  t.equal((await send('POST', '/auth/me/email', { email: to })).status, 202);
  const { out } = await people('show', email);
  t.match(
    out,
    /\nway in +link or code by mail\nway in +password, set \d{4}-.* UTC\nway in +passkey ".+", added .* UTC, never used\n/,
  );
  t.match(
    out,
    /\nway in +account at "oidc ada@issuer\.example", added .*\nasks for +a code of an authenticator app, since /,
  );
  t.match(out, new RegExp(`\\nmoving to +${to}, until .* UTC: neither mailbox has agreed yet\\n`));
  t.notMatch(out, 'deletion');
  t.equal((await send('DELETE', '/auth/me', { email })).status, 202);
  t.match((await people('show', email)).out, /\ndeletion +due \d{4}-/);
});

t.test('whatever a thief may have added is taken away: only the mailbox opens the account', async (t) => {
  const ends = hearEnds(auth);
  const person = await openEverything();
  const { email, id, authenticator } = person;
  const [session] = await sql<{ id: string }[]>`
    select id from auth.sessions where user_id = ${id} and ended_at is null`;
  const link = await askForLink(auth, openBrowser(auth.url), email);
  const owing = await showFirstFactor(auth, email);
  const to = newAddress();
  t.equal((await person.send('POST', '/auth/me/email', { email: to })).status, 202);
  const toNew = await tokenInLetter(auth, to, /^Confirm your new address/);

  t.match(await people('remove-ways-in', email), {
    code: 0,
    out: /^\d sessions? ended\. Only the mailbox is a way in now\.\nIn .*\.\n$/,
  });
  t.equal(await ends.endOf(session?.id ?? ''), 'revoked');
  t.equal((await person.browser.post('/auth/refresh')).status, 401);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
  t.equal((await signInWithPasskey(openBrowser(auth.url), authenticator)).status, 401);
  t.equal((await owing.post('/auth/mfa/verify', { code: person.app.code() })).status, 401);
  t.equal(
    (await openBrowser(auth.url).post('/auth/verify-magic-link', { token: link.token, confirm: 'here' })).status,
    401,
  );
  const agreed = await ask(`${auth.url}/auth/email-change/confirm`, { method: 'POST', body: { token: toNew } });
  t.equal(codeOf(agreed), 'link-invalid');
  t.ok(await waitForLetter(auth, email, /^All other ways in/));
  t.strictSame(
    (await trailOf(id)).filter((event) => event !== 'session-revoked'),
    ['password-removed', 'passkey-removed', 'provider-disconnected', 'second-factor-reset', 'email-change-withdrawn'],
  );
  t.equal((await signIn(auth, email)).tokens.user.id, id, 'a new link opens it, and nothing more is asked for');
  t.match(await people('remove-ways-in', email), { out: /^1 session ended\. There was no way in but the mailbox\.\n/ });
});

t.test('the letter that keeps a deleted account is good after its ways in were removed', async (t) => {
  const ada = await openBearer(auth);
  await ada.send('DELETE', '/auth/me', { email: ada.email });
  const token = await tokenInLetter(auth, ada.email, /will be deleted$/);
  t.equal((await people('remove-ways-in', ada.email)).code, 0);
  t.equal((await ask(`${auth.url}/auth/keep-account`, { method: 'POST', body: { token } })).status, 204);
});

t.test('a second factor that was lost is reset, its owner is mailed and signed out', async (t) => {
  const { email, id } = await openCareful(auth);
  t.match(await people('reset-second-factor', email), {
    code: 0,
    out: /^1 session ended\. \S+ signs in without a second factor from now on\.\nIn .*\.\n$/,
  });
  t.ok(await waitForLetter(auth, email, /reset your second factor/));
  t.equal((await signIn(auth, email)).tokens.user.id, id);
  t.strictSame(await trailOf(id), ['second-factor-reset', 'session-revoked']);
  t.match(await people('reset-second-factor', email), { code: 0, out: `${email} has no second factor.\n` });
});

t.test('a command that could not mail the owner says so, and what it did stays done', async (t) => {
  const refuseMail = sql`alter table auth.mails add constraint refused check (kind <> 'sign-in-changed') not valid`;
  const keys = [
    [{ KEY_ENCRYPTION_KEY: '' }, 'Nobody was mailed, for KEY_ENCRYPTION_KEY is not set: tell them.'],
    [
      { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') },
      'Nobody was mailed, for KEY_ENCRYPTION_KEY is not the one that auth has: tell them.',
    ],
    [{}, 'could not be mailed: tell them.'],
  ] as const;
  const owners = await Promise.all(keys.map(() => openCareful(auth)));
  await refuseMail;
  t.teardown(() => sql`alter table auth.mails drop constraint refused`);
  for (const [index, [env, line]] of keys.entries()) {
    const email = owners[index]?.email ?? '';
    const { code, out } = await runPeople(auth, ['reset-second-factor', email], env);
    t.equal(code, 0);
    t.match(out, `signs in without a second factor from now on.\n`);
    t.match(out, `${line}\n`);
    t.strictSame(
      (await subjectsTo(auth, email)).filter((subject) => subject.includes('reset')),
      [],
    );
  }
});

t.test('an account whose mailbox is lost moves, signs everybody out and tells both mailboxes', async (t) => {
  const ends = hearEnds(auth);
  const [ada, to] = [await openBearer(auth), newAddress()];
  const [session] = await sql<{ id: string }[]>`select id from auth.sessions where user_id = ${ada.id}`;
  const link = await askForLink(auth, openBrowser(auth.url), ada.email);
  t.match(await people('move', ada.email, to), {
    code: 0,
    out: new RegExp(`^1 session ended\\. The account has moved\\.\\nid +${ada.id}\\nemail +${to}\\n`),
  });
  t.equal(await ends.endOf(session?.id ?? ''), 'revoked');
  const late = await openBrowser(auth.url).post('/auth/verify-magic-link', { token: link.token, confirm: 'here' });
  t.equal(late.status, 401);
  t.equal((await signIn(auth, to)).tokens.user.id, ada.id);
  t.not((await signIn(auth, ada.email)).tokens.user.id, ada.id);
  const away = await waitForLetter(auth, ada.email, /has another address now$/);
  t.notMatch(away.text, to);
  t.equal(away.link, null);
  t.ok(await waitForLetter(auth, to, /has this address now$/));
  t.strictSame(await trailOf(ada.id), ['email-changed', 'session-revoked']);
});

t.test('an account that a thief moved comes back, and the thief’s letters move it no more', async (t) => {
  const [ada, stolen, further] = [await openBearer(auth), newAddress(), newAddress()];
  const confirm = async (to: string, subject: RegExp) => {
    const body = { token: await tokenInLetter(auth, to, subject) };
    t.equal((await ask(`${auth.url}/auth/email-change/confirm`, { method: 'POST', body })).status, 200);
  };
  for (const [from, to] of [
    [ada.email, stolen],
    [stolen, further],
  ] as const) {
    t.equal((await ada.send('POST', '/auth/me/email', { email: to })).status, 202);
    await confirm(from, /^Allow a new address/);
    await confirm(to, /^Confirm your new address/);
  }
  t.equal((await people('move', further, ada.email)).code, 0);
  const token = await tokenInLetter(auth, stolen, /has a new address$/);
  const undo = await ask(`${auth.url}/auth/email-change/undo`, { method: 'POST', body: { token } });
  t.equal(codeOf(undo), 'link-expired');
  t.equal((await signIn(auth, ada.email)).tokens.user.id, ada.id);
});

t.test('nobody’s account is moved over another', async (t) => {
  const [ada, bob] = [newAddress(), newAddress()];
  await openSession(auth, ada);
  await openSession(auth, bob);
  t.match(await people('move', ada, bob), { code: 1, error: `${bob} has an account of its own` });
  t.match(await people('move', ada, 'nonsense'), { code: 1, error: '"nonsense" is no e-mail address.' });
  t.match(await people('show', ada), { code: 0, out: /\nsessions +1 open\n/ });
});

t.test('an operator keeps an account that its owner cannot keep by themselves', async (t) => {
  const ada = await openBearer(auth);
  t.match(await people('keep', ada.email), { code: 0, out: `${ada.email} is not to be deleted.\n` });
  await ada.send('DELETE', '/auth/me', { email: ada.email });
  const kept = await people('keep', ada.email);
  t.equal(kept.code, 0);
  t.notMatch(kept.out, 'deletion');
  t.ok((await trailOf(ada.id)).includes('deletion-cancelled'));
});

t.test('an operator deletes an account for good, when that is said twice', async (t) => {
  const ends = hearEnds(auth);
  const ada = await openBearer(auth);
  const past = await openSession(auth, ada.email);
  await sql`update auth.sessions set expires_at = now() - interval '1 day' where id = ${past.sessionId}`;
  const [session] = await sql<{ id: string }[]>`
    select id from auth.sessions where user_id = ${ada.id} and id <> ${past.sessionId}`;
  t.match(await people('delete', ada.email), { code: 1, error: /without a grace\. .* --yes\n$/ });
  t.equal((await ada.get('/auth/me')).status, 200);
  t.match(await people('delete', ada.email, '--yes'), { code: 0, out: /^1 session ended\. / });
  t.equal(await ends.endOf(session?.id ?? ''), 'account-deleted');
  t.match(await people('delete', ada.email, '--yes'), { out: `${ada.email} is being deleted already.\n` });
  t.match(await people('keep', ada.email), { code: 1, error: /it is too late to keep it\.\n$/ });
  await auth.resources.deletionRunner.run();
  await letTimePass(auth.database, '17 minutes');
  await auth.resources.deletionRunner.run();
  t.equal((await sql`select from auth.users where id = ${ada.id}`).length, 0);
  t.ok(await waitForLetter(auth, ada.email, /was deleted$/));
});

t.test('what its owner asked to have deleted later is deleted at once when an operator says so', async (t) => {
  const ada = await openBearer(auth);
  await ada.send('DELETE', '/auth/me', { email: ada.email });
  t.match(await people('delete', ada.email, '--yes'), { code: 0, out: /^0 sessions ended\. / });
  await auth.resources.deletionRunner.run();
  await letTimePass(auth.database, '17 minutes');
  await auth.resources.deletionRunner.run();
  t.equal((await sql`select from auth.users where id = ${ada.id}`).length, 0);
});

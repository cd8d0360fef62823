import t from 'tap';
import { openBearer } from '../support/admin.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { openMoves } from '../support/email-changes.ts';
import { logIn, otherPassword, register } from '../support/passwords.ts';
import { addPasskey, expectOk, openApp, senderOf, signInWithPasskey } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

// Somebody had the session and the mailbox for a moment, and moved the account to their own address.

const auth = await startAuth(t);
const { sql } = auth.database;
const { begin, confirm, move, undo, addressOf } = openMoves(auth);

t.test(
  'nobody gets an account at an address that one can still be taken back to, not even its own reader',
  async (t) => {
    const thief = await openBearer(auth);
    const owner = openBrowser(auth.url);
    const { undo: back, to } = await move(thief);
    const { token } = await askForLink(auth, owner, thief.email);
    const answer = await owner.post('/auth/verify-magic-link', { token });
    t.match([answer.status, codeOf(answer)], [409, 'conflict']);
    t.equal((await sql`select from auth.users where email = ${thief.email}`).length, 0);
    const other = await openBearer(auth);
    const change = await other.send('POST', '/auth/me/email', { email: thief.email });
    t.equal(change.status, 202, 'which tells nobody anything');
    t.equal((await undo(back)).status, 204);
    t.equal(await addressOf(thief.id), thief.email);
    t.equal(
      (await owner.post('/auth/verify-magic-link', { token })).status,
      401,
      'asked for before the account was back',
    );
    t.equal((await signIn(auth, thief.email)).tokens.user.id, thief.id);

    const moved = await move(await openBearer(auth, thief.email));
    await letTimePass(auth.database, '73 hours');
    const anew = await signIn(auth, thief.email);
    t.not(anew.tokens.user.id, thief.id, 'once the way back is over the address is free');
    t.notSame(moved.to, to);
  },
);

t.test('links redeemed while the account moves leave no new account in its way', async (t) => {
  for (let round = 0; round < 10; round++) {
    const thief = await openBearer(auth);
    const change = await begin(thief);
    await confirm(change.old);
    const browser = openBrowser(auth.url);
    const { token } = await askForLink(auth, browser, thief.email);
    await Promise.all([confirm(change.new), browser.post('/auth/verify-magic-link', { token })]);
    t.equal(await addressOf(thief.id), change.to);
    t.equal((await sql`select from auth.users where email = ${thief.email}`).length, 0);
  }
});

t.test(
  'what was added since the move was asked for goes with it: nobody comes back by it, nobody is kept out',
  async (t) => {
    const person = await signIn(auth);
    const { id, email } = person.tokens.user;
    const before = await addPasskey(auth, person);
    await letTimePass(auth.database, '2 hours');
    const again = await signIn(auth, email);
    const thief = { id, email, send: senderOf(auth, again) };
    const added = await addPasskey(auth, again);
    const { undo: back, to } = await move(thief);
    t.equal((await thief.send('PUT', '/auth/password', { password: otherPassword })).status, 204);
    const app = openApp(expectOk<{ secret: string; uri: string }>(await thief.send('POST', '/auth/mfa/totp')));
    expectOk(await thief.send('POST', '/auth/mfa/totp/confirm', { code: app.code() }));
    t.equal((await thief.send('DELETE', '/auth/me', { email: to })).status, 202);

    t.equal((await undo(back)).status, 204);
    t.equal((await logIn(auth, email, otherPassword)).status, 401);
    t.equal((await signInWithPasskey(openBrowser(auth.url), added.authenticator)).status, 401);
    t.equal((await signInWithPasskey(openBrowser(auth.url), before.authenticator)).status, 200, 'older ones stay');
    t.equal((await signIn(auth, email)).tokens.user.id, id, 'the link suffices');
    const [row] = await sql`select deletion_due_at from auth.users where id = ${id}`;
    t.equal(row?.['deletion_due_at'], null);
    const [event] = await sql`
    select detail from auth.audit_events where user_id = ${id} and event = 'email-change-undone'`;
    t.strictSame(event?.['detail'], { removed: ['password', 'passkeys', 'second-factor'] });
  },
);

t.test('an account that is moved away once more is taken back once more', async (t) => {
  const first = await openBearer(auth);
  t.equal((await undo((await move(first)).undo)).status, 204);
  const again = await openBearer(auth, first.email);
  const second = await move(again);
  t.equal((await undo(second.undo)).status, 204);
  t.equal(await addressOf(first.id), first.email);
});

t.test('a deletion that was asked for after the move waits for as long as the way back is open', async (t) => {
  const hasty = await startAuth(t, { database: auth.database, env: { ACCOUNT_DELETION_GRACE: '1d' } });
  const moves = openMoves(hasty);
  const person = await openBearer(hasty);
  const { to, undo: back } = await moves.move(person);
  t.equal((await person.send('DELETE', '/auth/me', { email: to })).status, 202);
  await letTimePass(auth.database, '25 hours');
  await hasty.resources.deletionRunner.run();
  t.equal((await undo(back)).status, 204);
  t.equal((await signIn(auth, person.email)).tokens.user.id, person.id);
});

t.test('the letter with the way back is sent to mailboxes that complained, too', async () => {
  const person = await openBearer(auth);
  const { attemptId } = await askForLink(auth, openBrowser(auth.url), person.email);
  const complaint = { id: attemptId, providerId: 'x', state: 'complained', reason: null, at: Date.now() } as const;
  await auth.resources.stores.mails.recordReport(complaint);
  await move(person);
});

t.test(
  '10: who sets a password, or ends all other sessions, also calls off what somebody asked for who left',
  async (t) => {
    const { email } = await register(auth);
    for (const act of ['password', 'sessions']) {
      const thief = await openBearer(auth, email);
      const change = await begin(thief, newAddress());
      await confirm(change.new);
      await thief.browser.post('/auth/logout');
      const owner = await openBearer(auth, email);
      const answer =
        act === 'password'
          ? await owner.send('PUT', '/auth/password', {
              currentPassword: 'violet otter under 9 lamps',
              password: otherPassword,
            })
          : await owner.send('DELETE', '/auth/sessions');
      t.equal(answer.status, 204, answer.text);
      t.equal(codeOf(await confirm(change.old)), 'link-invalid', act);
    }
  },
);

t.test('20: a session that begins while the account goes back is ended, too', async (t) => {
  const person = await openBearer(auth);
  const { undo: back } = await move(person);
  for (let round = 0; round < 20; round++) {
    await sql`update auth.email_changes set undone_at = null where user_id = ${person.id}`;
    const email = newAddress();
    await sql`update auth.users set email = ${email}, credentials_changed_at = null where id = ${person.id}`;
    const browser = openBrowser(auth.url);
    const { token } = await askForLink(auth, browser, email);
    const [undone] = await Promise.all([undo(back), browser.post('/auth/verify-magic-link', { token })]);
    t.equal(undone.status, 204);
    const open = await sql`select from auth.sessions where user_id = ${person.id} and ended_at is null`;
    t.equal(open.length, 0);
  }
});

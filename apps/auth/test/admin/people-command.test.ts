import t from 'tap';
import { hearEnds } from '../support/announcements.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { runPeople } from '../support/people-command.ts';
import { codeOf, openSession, refresh } from '../support/sessions.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const ends = hearEnds(auth);

const people = (...args: string[]) => runPeople(auth, args);

const trailOf = (userId: string) =>
  sql`select event, actor_id, request_id from auth.audit_events where user_id = ${userId} and request_id is null order by id`;

t.test(
  'a bad administrator is put out and another made, without anybody signed in, audited and announced',
  async (t) => {
    const [badEmail, goodEmail] = [newAddress(), newAddress()];
    const [bad, good] = [await openSession(auth, badEmail), await openSession(auth, goodEmail)];
    await sql`update auth.users set roles = '{user,admin}' where id = ${bad.userId}`;
    await sql`update auth.users set disabled_at = now() where id = ${good.userId}`;

    t.match(await people('disable', badEmail), { code: 0, out: /^1 session ended\.\n[^]*disabled +since/ });
    t.equal(await ends.endOf(bad.sessionId), 'account-disabled');
    t.equal(codeOf(await refresh(auth.url, bad.token)), 'account-disabled');
    t.match(await people('enable', goodEmail), { code: 0, out: /^id +[^]*disabled +no\n/ });
    t.match(await people('make-admin', goodEmail), { code: 0, out: /^id +[^]*roles +user, admin\n/ });
    const { out } = await people('list');
    t.match(out, `admin      ${goodEmail}\n`);
    t.match(out, `disabled   ${badEmail} (admin)\n`);
    const byNobody = { actor_id: null };
    t.match(await trailOf(bad.userId), [
      { event: 'account-disabled', ...byNobody },
      { event: 'session-revoked', ...byNobody },
    ]);
    t.match(await trailOf(good.userId), [
      { event: 'account-enabled', ...byNobody },
      { event: 'roles-changed', ...byNobody },
    ]);
  },
);

t.test('the sessions of one person end, and those of everybody only when that is said twice', async (t) => {
  const email = newAddress();
  const [mine, other] = [await openSession(auth, email), await openSession(auth)];
  t.match(await people('end-sessions', email), { code: 0, out: /^1 session ended\.\nIn .*\.\n$/ });
  t.equal(await ends.endOf(mine.sessionId), 'revoked');
  t.equal((await refresh(auth.url, other.token)).status, 200);

  t.match(await people('end-all-sessions'), { code: 1, error: /^This signs everybody out\. .* --yes\n$/ });
  const last = await openSession(auth);
  t.match(await people('end-all-sessions', '--yes'), { code: 0, out: /^\d+ sessions ended\.\nIn .*\.\n$/ });
  t.equal(await ends.endOf(last.sessionId), 'revoked');
  t.equal((await sql`select from auth.sessions where ended_at is null`).count, 0);
  t.match(await trailOf(last.userId), [{ event: 'session-revoked', actor_id: null }]);
});

t.test('another spelling of an address is another account, and is named where the first is looked at', async (t) => {
  const email = newAddress();
  const [inCapitals, inTitleCase] = [email.replace('person', 'PERSON'), email.replace('person', 'Person')];
  const session = await openSession(auth, email);
  await openSession(auth, newAddress());

  t.match(await people('disable', inCapitals), {
    code: 1,
    error: `There is no account of ${inCapitals}. There is ${email}: in another case an address is another account.\n`,
  });
  t.equal((await refresh(auth.url, session.token)).status, 200, 'nothing was done to the one that there is');
  const alone = await people('show', email);
  t.notMatch(alone.out, 'also');

  await openSession(auth, inCapitals);
  await openSession(auth, inTitleCase);
  await openSession(auth, inTitleCase);
  t.match(await people('disable', inCapitals), { code: 0 });
  const others = [
    `also       ${inCapitals}, another account: disabled`,
    `also       ${inTitleCase}, another account: not disabled, 2 sessions open`,
  ];
  for (const command of ['show', 'disable', 'end-sessions']) {
    const { code, out } = await people(command, email);
    t.equal(code, 0);
    t.strictSame(
      out.split('\n').filter((line) => line.startsWith('also')),
      others,
      command,
    );
  }
  t.match(await people('end-sessions', newAddress().toUpperCase()), { code: 1, error: /: one is made when/ });
});

t.test('what cannot be done is told in one line', async (t) => {
  const stranger = newAddress();
  t.match(await people('show', stranger), { code: 1, error: `There is no account of ${stranger}: one is made when` });
  const misused: [string[], string][] = [
    [['show'], 'show needs <email>.'],
    [['list', 'x'], 'list takes nothing after it.'],
    [['disable', 'a@example.com', 'b@example.com'], 'disable takes <email> and nothing after it.'],
    [['move', 'a@example.com'], 'move needs <old> <new>.'],
  ];
  for (const [args, line] of misused) {
    const error = `${line}\n\nUsage: npm run people -- <command>\n`;
    t.match(await people(...args), { code: 1, error }, args.join(' '));
  }
});

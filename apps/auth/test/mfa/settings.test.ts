import { randomBytes } from 'node:crypto';
import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { hearEnds } from '../support/announcements.ts';
import { waitForLetter } from '../support/letters.ts';
import { askWhilePutOut } from '../support/locks.ts';
import { runKeys } from '../support/keys-command.ts';
import { keyEncryptionKey as firstKey } from '../support/auth.ts';
import { expectOk, openApp, openCareful, senderOf, showFirstFactor } from '../support/second-factor.ts';
import { codeOf, openSession } from '../support/sessions.ts';
import { signIn, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

t.test('an app is set up by a code that it shows, and nothing is asked for before', async (t) => {
  const ends = hearEnds(auth);
  const person = await signIn(auth);
  const send = senderOf(auth, person);
  const elsewhere = await openSession(auth, person.email);
  t.strictSame((await send('GET', '/auth/mfa')).json, { totp: null, recoveryCodesLeft: 0 });
  t.equal(codeOf(await send('POST', '/auth/mfa/totp/confirm', { code: '123456' })), 'second-factor-off');

  const first = expectOk<{ secret: string; uri: string }>(await send('POST', '/auth/mfa/totp'));
  const setup = expectOk<{ secret: string; uri: string }>(await send('POST', '/auth/mfa/totp'));
  t.not(setup.secret, first.secret, 'asked again, another');
  t.match(setup.secret, /^[A-Z2-7]{32}$/);
  const uri = new URL(setup.uri);
  t.equal(decodeURIComponent(uri.pathname), `//totp/Alva:${person.email}`.slice(uri.host === 'totp' ? 6 : 0));
  t.match(Object.fromEntries(uri.searchParams), { issuer: 'Alva', secret: setup.secret, digits: '6', period: '30' });
  const refused = await send('POST', '/auth/mfa/totp/confirm', { code: '000000' });
  t.match(refused, { status: 422, json: { code: 'validation-failed', errors: [{ pointer: '#/code' }] } });

  const { recoveryCodes } = expectOk<{ recoveryCodes: string[] }>(
    await send('POST', '/auth/mfa/totp/confirm', { code: openApp(setup).code() }),
  );
  t.equal(new Set(recoveryCodes).size, 10);
  t.match((await send('GET', '/auth/mfa')).json, { totp: { confirmedAt: /Z$/ }, recoveryCodesLeft: 10 });
  t.equal(await ends.endOf(elsewhere.sessionId), 'revoked', 'one factor opened it');
  t.match(await waitForMail(auth, person.email, ({ subject }) => subject.includes('asks for a second')), {});
  t.equal(codeOf(await send('POST', '/auth/mfa/totp')), 'second-factor-on');
  const dump = JSON.stringify(await sql`select * from auth.totp_secrets, auth.recovery_codes`);
  t.notMatch(dump, setup.secret);
  t.notMatch(dump, recoveryCodes[0]);
});

t.test('new recovery codes make the ones before void, and their owner is told', async (t) => {
  const { email, send, recoveryCodes } = await openCareful(auth);
  const answer = expectOk<{ recoveryCodes: string[] }>(await send('POST', '/auth/mfa/recovery-codes'));
  const browser = await showFirstFactor(auth, email);
  t.equal(codeOf(await browser.post('/auth/mfa/verify', { recoveryCode: recoveryCodes[0] })), 'code-invalid');
  t.equal((await browser.post('/auth/mfa/verify', { recoveryCode: answer.recoveryCodes[0] })).status, 200);
  t.match(await waitForLetter(auth, email, /New recovery codes/), { text: /you had before are void/ });
});

t.test('of renewals of recovery codes at once, one set is left', async (t) => {
  const { id, send } = await openCareful(auth);
  const answers = await Promise.all(Array.from({ length: 5 }, () => send('POST', '/auth/mfa/recovery-codes')));
  t.strictSame(
    answers.map(({ status }) => status),
    Array.from({ length: 5 }, () => 200),
  );
  t.match(await sql`select count(*)::int from auth.recovery_codes where user_id = ${id}`, [{ count: 10 }]);
});

t.test('switched off, nothing is asked for any more, and its owner is told', async (t) => {
  const { email, id, send } = await openCareful(auth);
  t.equal((await send('DELETE', '/auth/mfa/totp')).status, 204);
  t.equal((await send('DELETE', '/auth/mfa/totp')).status, 204, 'nothing to do');
  t.equal(codeOf(await send('POST', '/auth/mfa/recovery-codes')), 'second-factor-off');
  await signIn(auth, email);
  t.match(await waitForMail(auth, email, ({ subject }) => subject.includes('no second factor')), {});
  t.match(await sql`select count(*)::int from auth.recovery_codes where user_id = ${id}`, [{ count: 0 }]);
  t.match(
    await sql`select event from auth.audit_events where user_id = ${id} and event like 'second-factor-o%' order by id`,
    [{ event: 'second-factor-on' }, { event: 'second-factor-off' }],
  );
});

t.test('changes want a recent sign-in, looking does not', async (t) => {
  const person = await openCareful(auth);
  await sql`update auth.sessions set authenticated_at = now() - interval '11 minutes' where user_id = ${person.id}`;
  const tokens = expectOk<typeof person.tokens>(await person.browser.post('/auth/refresh'));
  const send = senderOf(auth, { ...person, tokens });
  for (const [method, path] of [
    ['POST', '/auth/mfa/totp'],
    ['POST', '/auth/mfa/totp/confirm'],
    ['DELETE', '/auth/mfa/totp'],
    ['POST', '/auth/mfa/recovery-codes'],
    ['POST', '/auth/passkeys/registration-options'],
    ['POST', '/auth/passkeys'],
    ['DELETE', '/auth/passkeys/0198c0de-0000-7000-8000-000000000000'],
  ] as const) {
    t.match(await send(method, path), { status: 403, json: { code: 'step-up-required', maxAge: 600 } }, path);
  }
  t.equal((await send('GET', '/auth/mfa')).status, 200);
  t.equal((await send('GET', '/auth/passkeys')).status, 200);
});

t.test('20: a session that is put out while it waits changes nothing', async (t) => {
  const newcomer = await signIn(auth);
  const ask = senderOf(auth, newcomer);
  const app = openApp(expectOk<{ secret: string }>(await ask('POST', '/auth/mfa/totp')));
  const { id } = newcomer.tokens.user;
  const confirmed = await askWhilePutOut(auth, id, () => ask('POST', '/auth/mfa/totp/confirm', { code: app.code() }));
  t.equal(codeOf(confirmed), 'invalid-token');
  t.match(await sql`select confirmed_at from auth.totp_secrets where user_id = ${id}`, [{ confirmed_at: null }]);
  for (const [method, path] of [
    ['DELETE', '/auth/mfa/totp'],
    ['POST', '/auth/mfa/recovery-codes'],
  ] as const) {
    const person = await openCareful(auth);
    t.equal(codeOf(await askWhilePutOut(auth, person.id, () => person.send(method, path))), 'invalid-token', path);
    const browser = await showFirstFactor(auth, person.email);
    const { status } = await browser.post('/auth/mfa/verify', { recoveryCode: person.recoveryCodes[0] });
    t.equal(status, 200, 'it is on, and the codes are good');
  }
});

t.test('another KEY_ENCRYPTION_KEY: apps go on after reseal; lost, recovery codes still get in', async (t) => {
  const old = await startAuth(t);
  const person = await openCareful(old);
  const env = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const { database } = old;
  const resealed = await runKeys(database, ['reseal'], { env: { ...env, OLD_KEY_ENCRYPTION_KEY: firstKey } });
  t.match(resealed, { code: 0, out: /✓ 1 authenticator secret is sealed with KEY_ENCRYPTION_KEY now\n/ });
  // Side by side, copies with different keys would only pass on mails that another of them has to send.
  await old.stop();
  const after = await startAuth(t, { database, env });
  const browser = await showFirstFactor(after, person.email);
  t.equal((await browser.post('/auth/mfa/verify', { code: person.app.code() })).status, 200);
  const again = await runKeys(database, ['reseal'], { env: { ...env, OLD_KEY_ENCRYPTION_KEY: firstKey } });
  t.match(again, { code: 0, out: /nothing to seal again/ });

  const lost = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  t.match(await runKeys(database, ['replace', '--yes'], { env: lost }), { code: 0, out: /recovery code/ });
  await after.stop();
  const last = await startAuth(t, { database, env: lost });
  const stranded = await showFirstFactor(last, person.email);
  const refused = await stranded.copy().post('/auth/mfa/verify', { code: person.app.code(1) });
  t.match(refused, { status: 401, json: { code: 'code-invalid', detail: /Use a recovery code or a passkey/ } });
  const tokens = expectOk<TokenAnswer>(
    await stranded.post('/auth/mfa/verify', { recoveryCode: person.recoveryCodes[0] }),
  );
  const send = senderOf(last, { browser: stranded, tokens });
  const step = await send('POST', '/auth/step-up', { code: person.app.code(1) });
  t.match(step, { status: 403, json: { code: 'step-up-failed', detail: /Use a recovery code or a passkey/ } });
  t.match(await last.metrics.registry.metrics(), /^auth_unreadable_authenticator_secrets_total.* 2$/m);
  t.equal((await send('DELETE', '/auth/mfa/totp')).status, 204);
  await send('POST', '/auth/mfa/totp');
  await database.sql`update auth.totp_secrets set secret_sealed = 'sealed elsewhere, and long enough to be looked at'`;
  const confirmed = await send('POST', '/auth/mfa/totp/confirm', { code: '123456' });
  t.match(confirmed, { status: 422, json: { errors: [{ pointer: '#/code', detail: /cannot be checked any more/ }] } });
});

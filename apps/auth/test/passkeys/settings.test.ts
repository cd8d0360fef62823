import t from 'tap';
import { type PasskeyAssertion } from '@alva/validation';
import { startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { createAuthenticator, type CreationOptions } from '../support/authenticator.ts';
import { askWhilePutOut } from '../support/locks.ts';
import { addPasskey, expectOk, senderOf, signInWithPasskey } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { signIn, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

t.test('added, named, used, renamed and removed; its owner is told of the first and the last', async (t) => {
  const person = await signIn(auth);
  const send = senderOf(auth, person);
  const options = expectOk<CreationOptions>(await send('POST', '/auth/passkeys/registration-options'));
  t.match(options, {
    rp: { id: 'localhost', name: 'Alva' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
  });
  t.notMatch(Buffer.from(options.user.id, 'base64url').toString(), person.email, 'the handle names nobody');
  const authenticator = createAuthenticator();
  const body = { credential: authenticator.create(options), name: 'Laptop' };
  const added = await send('POST', '/auth/passkeys', body);
  t.match(added, { status: 201, json: { name: 'Laptop', synced: false, lastUsedAt: null } });
  const { id } = added.json as { id: string };
  t.match(await waitForMail(auth, person.email, ({ subject }) => subject.includes('added')), { text: /“Laptop”/ });
  t.equal((await send('POST', '/auth/passkeys', body)).status, 422, 'a challenge is good once');

  await signInWithPasskey(openBrowser(auth.url), authenticator);
  t.match((await send('GET', '/auth/passkeys')).json, { items: [{ id, name: 'Laptop', lastUsedAt: /Z$/ }] });
  t.match(await send('PATCH', `/auth/passkeys/${id}`, { name: 'Old laptop' }), { json: { name: 'Old laptop' } });
  const again = expectOk<{ excludeCredentials: { id: string }[] }>(
    await send('POST', '/auth/passkeys/registration-options'),
  );
  t.match(again.excludeCredentials, [{ id: authenticator.id }]);

  t.equal((await send('DELETE', `/auth/passkeys/${id}`)).status, 204);
  t.match(await waitForMail(auth, person.email, ({ subject }) => subject.includes('removed')), {
    text: /“Old laptop”/,
  });
  t.equal(codeOf(await signInWithPasskey(openBrowser(auth.url), authenticator)), 'passkey-invalid');
  t.match(await sql`select event from auth.audit_events where event like 'passkey-%' order by id`, [
    { event: 'passkey-added' },
    { event: 'passkey-removed' },
  ]);
});

t.test('one that did not see its owner, or was made for another page or person, is not added', async (t) => {
  const person = await signIn(auth);
  const other = await signIn(auth);
  const send = senderOf(auth, person);
  for (const ceremony of [{ isVerified: false }, { origin: 'https://evil.example' }, { rpId: 'evil.example' }]) {
    await t.rejects(addPasskey(auth, person, ceremony), /422.*#\/credential/s);
  }
  const options = expectOk<CreationOptions>(await send('POST', '/auth/passkeys/registration-options'));
  const credential = createAuthenticator().create(options);
  const asOther = senderOf(auth, { browser: person.browser.copy(), tokens: other.tokens });
  t.equal((await asOther('POST', '/auth/passkeys', { credential })).status, 422);
  t.equal((await send('POST', '/auth/passkeys', { credential })).status, 201);
});

t.test('20: a session that is put out while it waits adds none and removes none', async (t) => {
  const person = await signIn(auth);
  const { id } = person.tokens.user;
  const send = senderOf(auth, person);
  const options = expectOk<CreationOptions>(await send('POST', '/auth/passkeys/registration-options'));
  const body = { credential: createAuthenticator().create(options) };
  t.equal(codeOf(await askWhilePutOut(auth, id, () => send('POST', '/auth/passkeys', body))), 'invalid-token');
  t.equal(await countPasskeys(id), 0);
  const again = await signIn(auth, person.email);
  const { passkey } = await addPasskey(auth, again);
  const removal = () => senderOf(auth, again)('DELETE', `/auth/passkeys/${passkey.id}`);
  t.equal(codeOf(await askWhilePutOut(auth, id, removal)), 'invalid-token');
  t.equal(await countPasskeys(id), 1);
});

t.test('somebody else’s is not there', async (t) => {
  const [person, other] = [await signIn(auth), await signIn(auth)];
  const { passkey } = await addPasskey(auth, person);
  const send = senderOf(auth, other);
  t.equal(codeOf(await send('PATCH', `/auth/passkeys/${passkey.id}`, { name: 'Mine' })), 'not-found');
  t.equal(codeOf(await send('DELETE', `/auth/passkeys/${passkey.id}`)), 'not-found');
  t.equal(await countPasskeys(person.tokens.user.id), 1);
});

t.test('the last way in stays, also when two are removed at once', async (t) => {
  const person = await signIn(auth);
  const send = senderOf(auth, person);
  const first = await addPasskey(auth, person);
  await sql`update auth.users set email_verified_at = null where id = ${person.tokens.user.id}`;
  t.equal(codeOf(await send('DELETE', `/auth/passkeys/${first.passkey.id}`)), 'last-way-in');
  for (let round = 0; round < 10; round++) {
    const [kept] = await sql<{ id: string }[]>`select id from auth.passkeys where user_id = ${person.tokens.user.id}`;
    const { passkey } = await addPasskey(auth, person);
    const answers = await Promise.all([kept?.id ?? '', passkey.id].map((id) => send('DELETE', `/auth/passkeys/${id}`)));
    t.strictSame(answers.map(({ status }) => status).sort(), [204, 409]);
    t.equal(await countPasskeys(person.tokens.user.id), 1);
  }
});

t.test('nobody has more than twenty, also when many are added at once', async (t) => {
  const person = await signIn(auth);
  const userId = person.tokens.user.id;
  await sql`insert into auth.passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, backed_up)
    select gen_random_uuid(), ${userId}, decode(md5(n::text || ${userId}), 'hex'), 'x', 0, '{}', 'x', false from generate_series(1, 18) n`;
  const ceremonies = [];
  for (let count = 0; count < 5; count++) {
    const browser = person.browser.copy();
    const send = senderOf(auth, { browser, tokens: person.tokens });
    const options = expectOk<CreationOptions>(await send('POST', '/auth/passkeys/registration-options'));
    ceremonies.push({ send, body: { credential: createAuthenticator().create(options) } });
  }
  const answers = await Promise.all(ceremonies.map(({ send, body }) => send('POST', '/auth/passkeys', body)));
  t.strictSame(answers.map(({ status }) => status).sort(), [201, 201, 409, 409, 409]);
});

t.test('what browsers add to a credential one day is no reason to refuse it', async (t) => {
  const person = await signIn(auth);
  const { authenticator } = await addPasskey(auth, person);
  const browser = openBrowser(auth.url);
  const asked = expectOk<{ challenge: string }>(await browser.post('/auth/passkeys/sign-in-options'));
  const credential = authenticator.get(asked);
  const more: PasskeyAssertion = { ...credential, type: 'public-key', authenticatorAttachment: 'platform' };
  const response = { ...more.response, attestationObject: 'AAAA', other: [1] };
  t.equal((await browser.post('/auth/passkeys/sign-in', { credential: { ...more, response } })).status, 200);
});

async function countPasskeys(userId: string): Promise<number | undefined> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int from auth.passkeys where user_id = ${userId}`;
  return row?.count;
}

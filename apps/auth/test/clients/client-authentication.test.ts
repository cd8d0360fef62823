import { createHash } from 'node:crypto';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { addClient, basic, postForm } from '../support/clients.ts';

const auth = await startAuth(t);
const client = await addClient(auth);
const endpoints = ['/auth/introspect', '/auth/revoke'];
const token = 'A'.repeat(43);

const refused = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="alva"', 'content-type': /^application\/problem\+json/ },
  json: { code: 'invalid-client', error: 'invalid_client', error_description: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/ },
};
const invalid = {
  status: 400,
  headers: { 'content-type': /^application\/problem\+json/ },
  json: { code: 'invalid-request', error: 'invalid_request', error_description: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/ },
};

for (const path of endpoints) {
  const post = (form: Record<string, string> | string, headers: Record<string, string | string[]> = {}) =>
    postForm(auth.url + path, form, headers);
  const posted = { client_id: client.id, client_secret: client.secret };

  t.test(`${path}: a service authenticates by header or by form, and nothing less is enough`, async (t) => {
    t.match(await post({ token }, basic(client)), { status: 200, headers: { 'cache-control': 'no-store' } });
    t.equal((await post({ token, ...posted })).status, 200);
    t.equal((await post({ token, client_id: client.id }, basic(client))).status, 200, 'its own name beside the header');

    const wrong = { ...client, secret: `${client.secret.slice(0, -1)}A` };
    const unknown = { ...client, id: 'nobody' };
    const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const refusals: Record<string, Record<string, string>> = {
      'a wrong secret': basic(wrong),
      'an unknown client': basic(unknown),
      'no credentials': {},
      'a name without a secret': { authorization: encode(client.id) },
      'an empty secret': { authorization: encode(`${client.id}:`) },
      'the hash of the secret': basic({ ...client, secret: createHash('sha256').update(client.secret).digest('hex') }),
      'a name that Postgres would not take': basic({ id: 'a\u0000b', secret: 'c' }),
      'no base64': { authorization: 'Basic %%%' },
      'a second spelling of base64': { authorization: `${encode(`${client.id}:${client.secret}`)}=` },
      'another scheme': { authorization: 'Bearer abc' },
    };
    for (const [name, headers] of Object.entries(refusals)) t.match(await post({ token }, headers), refused, name);
    t.match(await post({ token, client_id: client.id }), refused, 'a name alone in the form');
    t.match(await post({ token, ...posted, client_secret: wrong.secret }), refused, 'a wrong secret in the form');
    const inQuery = new URLSearchParams(posted).toString();
    t.match(await postForm(`${auth.url}${path}?${inQuery}`, { token }), refused, 'credentials in the URL');
    const answers = [await post({ token }, basic(wrong)), await post({ token }, basic(unknown))];
    const [first, second] = answers.map(({ json }) => ({ ...(json as object), requestId: '' }));
    t.strictSame(first, second, 'whether there is such a client is not told');
  });

  t.test(`${path}: both ways at once, or one of them twice, is refused as ambiguous`, async (t) => {
    t.match(await post({ token, ...posted }, basic(client)), invalid);
    t.match(await post({ token, ...posted }, { authorization: 'Bearer abc' }), invalid);
    t.match(await post({ token, client_id: 'another' }, basic(client)), invalid);
    const { authorization } = basic(client);
    t.match(await post({ token }, { authorization: [authorization, authorization] }), invalid);
  });

  t.test(`${path}: credentials are decoded as forms are, colons, plus signs and all`, async (t) => {
    const odd = { id: client.id, secret: 'a:b+c d%é&=~' };
    const hash = createHash('sha256').update(odd.secret).digest();
    const { sql } = auth.database;
    await sql`insert into auth.clients (id, secret_hash, name) values (${`odd~${path.slice(6)}`}, ${hash}, 'odd')`;
    t.equal((await post({ token }, basic({ ...odd, id: `odd~${path.slice(6)}` }))).status, 200);
    const raw = Buffer.from(`odd~${path.slice(6)}:${odd.secret}`).toString('base64');
    t.match(await post({ token }, { authorization: `Basic ${raw}` }), refused, 'not encoded at all');
  });

  t.test(`${path}: forms only, each parameter once, what is unknown ignored`, async (t) => {
    const json = await ask(auth.url + path, { method: 'POST', body: { token }, headers: basic(client) });
    t.match(json, { status: 415, json: { code: 'unsupported-media-type' } });
    const headers = basic(client);
    t.match(await post({}, headers), invalid, 'no token');
    t.match(await post({ token: '' }, headers), invalid, 'an empty token');
    t.match(await ask(auth.url + path, { method: 'POST', headers }), invalid, 'no body');
    t.match(await post(`token=${token}&token=${token}`, headers), invalid, 'a token twice');
    t.match(await post(`token=${token}&a=1&a=2`, headers), invalid, 'something unknown twice');
    t.match(await post(`token=${token}&%74oken=${token}`, headers), invalid, 'twice, once in disguise');
    t.match(await post('token=%E0%A4%A', headers), invalid, 'no form at all');
    t.equal((await post({ token, a: '1', __proto__: 'x', token_type_hint: 'nonsense' }, headers)).status, 200);
    t.equal((await post(`&&token=${token}&b`, headers)).status, 200);
    t.match(await post({ token: 'A'.repeat(70_000) }, headers), { status: 413 });
    t.match(await post({ token }, { ...headers, 'content-encoding': 'gzip' }), { status: 415 });
    t.match(await ask(auth.url + path, { headers }), { status: 404 }, 'nothing is told or ended by GET');
  });
}

t.test('forms are read on these two routes alone', async (t) => {
  const answer = await postForm(`${auth.url}/auth/send-magic-link`, { email: 'a@example.com' });
  t.match(answer, { status: 415, json: { code: 'unsupported-media-type' } });
});

t.test('guessing is bounded by network, and a service that authenticates may ask as often as it has to', async (t) => {
  const limited = await startAuth(t, {
    database: auth.database,
    env: { CLIENT_FAILURE_LIMIT: '5/5m', REQUEST_LIMIT: '10/1m', TRUST_PROXY: '1' },
  });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const url = `${limited.url}/auth/introspect`;
  for (let asked = 0; asked < 30; asked += 1) {
    t.equal((await postForm(url, { token }, { ...basic(client), ...from('192.0.2.1') })).status, 200);
  }
  const guess = (address: string) =>
    postForm(url, { token }, { ...basic({ ...client, secret: 'x' }), ...from(address) });
  for (let tried = 0; tried < 4; tried += 1) t.equal((await guess('192.0.2.2')).status, 401);
  t.equal((await postForm(url, 'a=1&a=2', from('192.0.2.2'))).status, 400, 'this counts too');
  t.match(await guess('192.0.2.2'), { status: 429, headers: { 'retry-after': /^\d+$/ } });
  const ask = () => postForm(url, { token }, { ...basic(client), ...from('192.0.2.2') });
  t.equal((await ask()).status, 200, 'a service with credentials is not held up by who guesses beside it');
  t.equal((await guess('192.0.2.2')).status, 429, 'who in turn learns nothing more');
  t.equal((await guess('192.0.2.3')).status, 401, 'others are not held up');
});

t.test('what a service was last used for is known to the minute, and its secret nowhere', async (t) => {
  const fresh = await addClient(auth);
  await postForm(`${auth.url}/auth/introspect`, { token }, basic(fresh));
  const [row] = await auth.database.sql`select * from auth.clients where id = ${fresh.id}`;
  t.ok(row?.['last_used_at']);
  t.notMatch(JSON.stringify(row) + auth.logged.join(''), fresh.secret);
});

import t from 'tap';
import { createStack } from './support/stack.ts';
import { profile } from './support/profile.ts';

void t.test('bad input gets a problem document, changes no row and harms no process', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  const put = (body: unknown, headers?: Record<string, string>) => person.send('PUT', '/user/profile', body, headers);

  t.match(await put('{"businessName": '), { status: 400, body: { code: 'malformed-request' } }, 'cut JSON');
  t.match(await put('[]'), { status: 422, body: { code: 'validation-failed' } }, 'a list');
  t.match(await put('null'), { status: 422 }, 'null');
  t.match(await put('{"__proto__": {"roles": ["admin"]}}'), { status: 400 }, 'prototype poisoning');
  t.match(
    await put({ ...profile, userId: person.sub }),
    { status: 422, body: { code: 'validation-failed', errors: [{ pointer: '#/userId' }] } },
    'unknown field',
  );
  t.match(
    await put({ ...profile, goals: [], monthlyBudget: { amount: -1, currency: 'euro' } }),
    {
      status: 422,
      body: {
        errors: [
          { pointer: '#/goals' },
          { pointer: '#/monthlyBudget/amount' },
          { pointer: '#/monthlyBudget/currency' },
        ],
      },
    },
    'every wrong value is pointed at',
  );
  t.match(await put({ ...profile, description: 'x'.repeat(70_000) }), {
    status: 413,
    body: { code: 'body-too-large' },
  });
  t.match(await put('businessName=x', { 'content-type': 'application/x-www-form-urlencoded' }), { status: 415 });
  t.match(await put(JSON.stringify(profile), { 'content-type': 'text/plain' }), {
    status: 415,
    body: { code: 'unsupported-media-type' },
  });
  t.match(await put({ ...profile, businessName: 'null\u0000byte' }), { status: 422 }, 'what Postgres cannot store');
  t.match(await put({ ...profile, website: 'https://a.example/\u0000' }), { status: 422 }, 'the same inside a URL');
  t.match(await put({ ...profile, businessName: 'half \ud83d' }), { status: 422 }, 'half a character');
  t.match(await person.send('GET', '/plans?limit=0'), {
    status: 422,
    body: { errors: [{ pointer: '#/query/limit' }] },
  });
  t.match(await person.send('GET', '/plans?cursor=%00'), {
    status: 422,
    body: { errors: [{ pointer: '#/query/cursor' }] },
  });
  t.match(await person.send('GET', '/plans?userId=x'), { status: 422 });
  t.match(await person.send('POST', '/plans/generate', {}, { 'idempotency-key': 'short' }), { status: 422 });
  t.match(await person.send('GET', '/nowhere'), { status: 404, body: { code: 'not-found' } });
  for (const reply of [await put('{'), await put([])]) {
    t.match(reply.headers.get('content-type'), /^application\/problem\+json/);
    t.equal(reply.headers.get('x-request-id'), reply.body['requestId']);
  }

  t.equal((await person.send('GET', '/user/profile')).status, 404, 'none of it was stored');
  t.equal((await fetch(`${api.url}/healthz`)).status, 200);
});

void t.test('a missing, mangled or foreign token is 401 with a challenge, on every guarded route', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const token = (await stack.person(api)).token;
  const foreign = await stack.issuer.issue({ aud: 'somebody-else' });
  const late = Math.floor(Date.now() / 1000) - 3600;
  const expired = await stack.issuer.issue({ iat: late - 900, exp: late, auth_time: late - 900 });
  const [header = '', payload = ''] = token.split('.');

  const routes = [
    ['GET', '/user/profile'],
    ['PUT', '/user/profile'],
    ['POST', '/plans/generate'],
    ['GET', '/plans'],
    ['GET', '/plans/x'],
    ['POST', '/knowledge/documents?name=x'],
    ['GET', '/knowledge/documents'],
    ['GET', '/knowledge/documents/x'],
    ['GET', '/knowledge/documents/x/original'],
    ['DELETE', '/knowledge/documents/x'],
    ['GET', '/knowledge/search?q=x'],
    ['GET', '/jobs'],
    ['GET', '/jobs/x'],
    ['DELETE', '/jobs/x'],
    ['GET', '/jobs/x/events'],
    ['GET', '/usage'],
    ['GET', '/admin/jobs'],
    ['DELETE', '/admin/jobs/x'],
    ['POST', '/admin/queues/enter'],
    ['PUT', '/admin/limits/x'],
  ] as const;
  const bad = {
    foreign,
    expired,
    unsigned: `${header}.${payload}.`,
    cut: token.slice(0, -4),
    twice: `${token}${token}`,
    words: 'let me in',
  };
  for (const [method, path] of routes) {
    const bare = await fetch(api.url + path, { method });
    t.equal(bare.status, 401, `${method} ${path}`);
    t.match(bare.headers.get('www-authenticate'), /^Bearer /);
    t.match(await bare.json(), { code: 'authentication-required', status: 401 });
    for (const [name, value] of Object.entries(bad)) {
      const reply = await fetch(api.url + path, { method, headers: { authorization: `Bearer ${value}` } });
      t.equal(reply.status, 401, `${method} ${path} ${name}`);
      t.match(reply.headers.get('content-type'), /problem\+json/);
      t.match(reply.headers.get('www-authenticate'), /^Bearer .*error="invalid_/);
      await reply.body?.cancel();
    }
  }
  const cookie = await fetch(`${api.url}/plans`, { headers: { cookie: `access_token=${token}` } });
  t.equal(cookie.status, 401, 'cookies are ignored');
});

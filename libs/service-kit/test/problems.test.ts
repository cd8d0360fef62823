import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { problems } from '@alva/shared-types';
import { problemDocument } from '@alva/validation';
import t from 'tap';
import { ProblemError } from '../src/index.ts';
import { failingWith, openService, publicUrl } from './support/service.ts';

void t.test('a refusal is a problem document whose type leads to a page that explains it', async (t) => {
  const { app } = await openService(t, {
    routes: failingWith(
      () => new ProblemError('link-used', { detail: 'It was used at noon.', cause: new Error('row 17') }),
    ),
  });
  const answer = await app.inject('/fails');
  t.equal(answer.statusCode, 401);
  t.match(answer.headers['content-type'], /^application\/problem\+json/);
  const problem = problemDocument.parse(answer.json());
  t.strictSame(problem, {
    type: `${publicUrl}/problems/link-used`,
    title: problems['link-used'].title,
    status: 401,
    detail: 'It was used at noon.',
    code: 'link-used',
    requestId: answer.headers['x-request-id'],
  });
  t.notMatch(answer.body, 'row 17');

  const explained = await app.inject(new URL(problem.type).pathname);
  t.match(explained.json(), { code: 'link-used', status: 401, title: problems['link-used'].title });
  const page = await app.inject({ url: '/problems/link-used', headers: { accept: 'text/html,*/*' } });
  t.match(page.headers['content-type'], /^text\/html/);
  t.match(page.body, problems['link-used'].title);
  t.match(page.headers['content-security-policy'], /default-src 'none'; style-src 'sha256-/);
  const { advice } = (await app.inject('/problems/origin-not-allowed')).json<{ advice: string }>();
  t.match(advice, /Origin header.*CORS_ORIGINS/, 'in words of its own where those of the status say too little');
  t.equal((await app.inject('/problems/no-such-code')).statusCode, 404);
  t.equal((await app.inject('/problems')).json<{ items: unknown[] }>().items.length, Object.keys(problems).length);
});

void t.test('every 401 says how to authenticate, and names the error only for a bad access token', async (t) => {
  for (const [code, expected] of [
    ['authentication-required', 'Bearer realm="alva"'],
    ['link-expired', 'Bearer realm="alva"'],
    ['invalid-token', 'Bearer realm="alva", error="invalid_token"'],
  ] as const) {
    const { app } = await openService(t, { routes: failingWith(() => new ProblemError(code)) });
    t.equal((await app.inject('/fails')).headers['www-authenticate'], expected);
  }
});

void t.test('an error from code that does not know this package is recognised by its problem code', async (t) => {
  const error = Object.assign(new Error('expired'), { problem: 'invalid-token', detail: 'The token has expired' });
  const { app } = await openService(t, { routes: failingWith(() => error) });
  t.match((await app.inject('/fails')).json(), { code: 'invalid-token', detail: 'The token has expired' });
});

void t.test('an unforeseen error is 500, logged whole and told to nobody', async (t) => {
  const { app, lines } = await openService(t, { routes: failingWith(() => new Error('password is hunter2')) });
  const answer = await app.inject('/fails');
  t.equal(answer.statusCode, 500);
  t.equal(answer.json<{ code: string }>().code, 'internal-error');
  t.notMatch(answer.body, /hunter2|problems\.test/);
  t.match(lines.join(''), /"message":"password is hunter2".*problems\.test/);
});

void t.test('anything can be thrown', async (t) => {
  for (const thrown of [undefined, null, 'text', 7, { statusCode: 200 }]) {
    const { app } = await openService(t, { routes: failingWith(() => thrown) });
    t.equal((await app.inject('/fails')).statusCode, 500, JSON.stringify(thrown));
  }
});

void t.test('a body that is no JSON is 400', async (t) => {
  const { app } = await openService(t);
  for (const payload of ['{"name', '{"name":"a"}x', '{"__proto__":{"admin":true},"name":"a"}', '\u0000']) {
    const answer = await app.inject({
      method: 'POST',
      url: '/greetings',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    t.equal(answer.statusCode, 400, payload);
    t.equal(answer.json<{ code: string }>().code, 'malformed-request');
    t.notMatch(answer.body, 'name', 'the body is not quoted back');
  }
});

void t.test('a body of another media type, or of none, is 415', async (t) => {
  const { app } = await openService(t);
  const payload = '{"name":"a"}';
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'application/json-patch+json',
    'application/jsonp',
    'nonsense',
    undefined,
  ]) {
    const headers = type === undefined ? { 'content-length': String(payload.length) } : { 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: '/greetings', headers, payload: Buffer.from(payload) });
    t.equal(answer.statusCode, 415, String(type));
    t.equal(answer.json<{ code: string }>().code, 'unsupported-media-type');
  }
  const charset = { 'content-type': 'application/json; charset=utf-8' };
  t.equal((await app.inject({ method: 'POST', url: '/greetings', headers: charset, payload })).statusCode, 201);
  const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  t.equal((await app.inject({ method: 'POST', url: '/greetings', headers: packed, payload })).statusCode, 415);
});

void t.test('a body over 64 KiB is 413, whether it says so or not', async (t) => {
  const { app } = await openService(t);
  const payload = JSON.stringify({ name: 'a'.repeat(64 * 1024) });
  const headers = { 'content-type': 'application/json' };
  const declared = await app.inject({ method: 'POST', url: '/greetings', headers, payload });
  t.match([declared.statusCode, declared.json()], [413, { code: 'body-too-large' }]);

  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const streamed = await fetch(`${address}/greetings`, {
    method: 'POST',
    headers,
    body: new Blob([payload]).stream(),
    duplex: 'half',
  });
  t.equal(streamed.status, 413);
});

void t.test('an empty body is fine where none is wanted and 422 where one is', async (t) => {
  const { app } = await openService(t);
  const headers = { 'content-type': 'application/json' };
  t.equal((await app.inject({ method: 'POST', url: '/pings' })).statusCode, 200);
  t.equal((await app.inject({ method: 'POST', url: '/pings', headers, payload: '' })).statusCode, 200);
  t.equal((await app.inject({ method: 'POST', url: '/greetings', headers, payload: '' })).statusCode, 422);
  t.equal((await app.inject({ method: 'POST', url: '/greetings' })).statusCode, 422);
});

void t.test('a body that no route reads is not ignored silently', async (t) => {
  const json = { 'content-type': 'application/json' };
  const { app } = await openService(t);
  const send = (url: string, payload: unknown) =>
    app.inject({ method: 'POST', url, headers: json, payload: JSON.stringify(payload) });
  for (const payload of [{ userId: 'x' }, [1], 'x', 1, null])
    t.match(
      (await send('/pings', payload)).json(),
      { status: 422, code: 'validation-failed', errors: [{ pointer: '#' }] },
      JSON.stringify(payload),
    );
  t.ok((await send('/pings', {})).statusCode < 300, 'many clients send one with every POST');
  t.equal((await send('/nowhere', { userId: 'x' })).statusCode, 404);
});

void t.test('invalid values are 422 with a JSON pointer for each, unknown fields included', async (t) => {
  const { app } = await openService(t);
  const answer = await app.inject({
    method: 'POST',
    url: '/greetings',
    payload: { roles: ['admin'], userId: '1', address: { 'a/b~c': 4 } },
  });
  t.equal(answer.statusCode, 422);
  const { code, errors = [] } = problemDocument.parse(answer.json());
  t.equal(code, 'validation-failed');
  t.strictSame(errors.map(({ pointer }) => pointer).sort(), ['#/address/a~1b~0c', '#/name', '#/roles', '#/userId']);
  t.match(errors, [{ pointer: '#/name', detail: 'This field is required' }]);

  const elsewhere = await app.inject('/greetings/17?limit=many&page=2');
  t.match(elsewhere.json(), { errors: [{ pointer: '#/path/id' }] });
  const query = await app.inject(`/greetings/${crypto.randomUUID()}?limit=many&page=2`);
  t.strictSame(
    problemDocument.parse(query.json()).errors?.map(({ pointer }) => pointer),
    ['#/query/limit', '#/query/page'],
  );
});

void t.test('a body that is wrong in ten thousand places gets a short answer', async (t) => {
  const { app } = await openService(t);
  const payload = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`k${index}`, 1]));
  const answer = await app.inject({ method: 'POST', url: '/greetings', payload });
  t.equal(answer.statusCode, 422);
  t.ok(answer.body.length < 8_000, `${answer.body.length} bytes`);
});

void t.test(
  'bytes that are no HTTP get a problem document, a reset connection none, and the process lives',
  async (t) => {
    const { app, lines } = await openService(t);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;

    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('NONSENSE\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [string];
    t.match(answer, /^HTTP\/1.1 400 Bad Request[\s\S]*application\/problem\+json[\s\S]*"type":"about:blank"/);

    const leaving = connect(port, '127.0.0.1');
    leaving.write(
      'POST /greetings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"na',
    );
    const arrived = once(app.server, 'request');
    const [, response] = (await arrived) as [unknown, NodeJS.EventEmitter];
    leaving.destroy();
    await once(response, 'close');
    t.equal((await app.inject('/healthz')).statusCode, 200);
    t.notMatch(lines.join(''), '"level":"error"');
  },
);

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { z } from 'zod';
import { openService } from './support/service.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

void t.test("a caller's request id comes back when it is a plain token, and never otherwise", async (t) => {
  const { app } = await openService(t);
  const idFor = async (given: string) =>
    (await app.inject({ url: '/healthz', headers: { 'x-request-id': given } })).headers['x-request-id'];
  t.equal(await idFor('click-17.a_b:c'), 'click-17.a_b:c');
  for (const hostile of ['a b', 'a"}{"level":"fatal', '<script>', 'x'.repeat(129), '', 'ä']) {
    t.match(await idFor(hostile), uuid, hostile);
  }
  t.match((await app.inject('/nowhere')).headers['x-request-id'], uuid);
});

void t.test('a request id cannot carry a header or a log line', async (t) => {
  const { app, lines } = await openService(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  // Two headers of the name are joined by Node; the joined value is no token.
  const headers = ['Host', 'localhost', 'X-Request-Id', 'a', 'X-Request-Id', 'b'];
  const request = httpRequest({ port, path: '/nowhere', headers });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  t.match(response.headers['x-request-id'], uuid);
  t.ok(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1));
});

void t.test('a trace goes on, and starts where there was none or a broken one', async (t) => {
  const { app, lines } = await openService(t);
  const url = `/greetings/${crypto.randomUUID()}`;
  const traceFor = async (headers: Record<string, string>) =>
    (await app.inject({ url, headers })).json<{ traceparent: string }>().traceparent;
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  t.equal(await traceFor({ traceparent: given }), given);
  t.match(lines.join(''), '"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"');

  const made = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;
  t.match(await traceFor({}), made);
  for (const broken of ['00-0-0-0', given.toUpperCase(), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `${given}-x`]) {
    const trace = await traceFor({ traceparent: broken });
    t.match(trace, made);
    t.not(trace, broken);
  }
  t.not(await traceFor({}), await traceFor({}));
});

void t.test('an address has one spelling: doubled or trailing slashes and other cases are 404', async (t) => {
  const { app } = await openService(t);
  for (const url of ['//pings', '/pings/', '/Pings', '/./pings/', '//healthz', '/pings//', '/nowhere', '/pings;a=b']) {
    const answer = await app.inject({ method: 'POST', url });
    t.match([answer.statusCode, answer.json()], [404, { code: 'not-found' }], url);
  }
  const broken = await app.inject('/%zz');
  t.match([broken.statusCode, broken.json()], [400, { code: 'malformed-request' }]);
  t.equal((await app.inject(`/greetings/${'x'.repeat(300)}`)).statusCode, 404);
  const withBody = await app.inject({
    method: 'POST',
    url: '//pings',
    headers: { 'content-type': 'text/plain' },
    payload: 'x',
  });
  t.equal(withBody.statusCode, 404, 'whatever the body');
});

void t.test('logs hold neither queries, headers, bodies nor anything that looks like a token', async (t) => {
  const secret = 'S3cretS3cretS3cretS3cretS3cretS3cretS3cretS3cret';
  const query = Object.assign(new Error(`Failed query: select 1 where a = $1\nparams: ${secret},a@example.com`), {
    params: [secret],
    query: 'select 1',
    cause: Object.assign(new Error(`duplicate key ${secret}`), { detail: `Key (email)=(a@example.com)` }),
  });
  const { app, lines } = await openService(t, {
    level: 'trace',
    routes(app) {
      const schema = { tags: ['fails'], summary: 'Fails', body: z.unknown(), response: {} };
      app.post('/fails', { schema }, async (request) => {
        request.log.info(
          { token: secret, user: { password: secret }, req: { headers: { authorization: secret, cookie: secret } } },
          'oops',
        );
        throw query;
      });
    },
  });
  await app.inject({
    method: 'POST',
    url: `/fails?token=${secret}`,
    headers: { authorization: `Bearer ${secret}`, cookie: `refresh_token=${secret}`, 'x-guest-token': secret },
    payload: { token: secret },
  });
  await app.inject({
    method: 'POST',
    url: '/greetings',
    headers: { 'content-type': 'application/json' },
    payload: `{"${secret}`,
  });
  const log = lines.join('');
  t.match(log, 'POST /fails');
  t.match(log, 'Failed query: select 1');
  t.notMatch(log, secret);
  t.notMatch(log, 'a@example.com');
  t.notMatch(log, 'token=');
});

void t.test('an error that its library has described already is logged readably, and nothing else of it', async (t) => {
  const { app, lines } = await openService(t, { level: 'info' });
  app.log.error({ error: { name: 'Error', message: 'the line is cut', code: 'EPIPE', password: 'secret' } }, 'lost');
  app.log.error({ err: 'only a text' }, 'lost');
  const [described, text] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  t.strictSame(described?.['error'], { type: 'Error', message: 'the line is cut', code: 'EPIPE' });
  t.match(text, { err: { type: 'string', message: 'only a text' } });
});

void t.test('successful reads are not logged at info; writes and refusals are', async (t) => {
  const { app, lines } = await openService(t, { level: 'info' });
  await app.inject('/healthz');
  t.strictSame(lines, []);
  await app.inject({ method: 'POST', url: '/pings' });
  await app.inject('/nowhere');
  const [write, refusal] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  t.match(write, {
    level: 'info',
    service: 'greeter',
    status: 200,
    msg: 'POST /pings',
    sub: 'person-1',
    sid: 'session-1',
    requestId: uuid,
  });
  t.match(refusal, { level: 'info', status: 404, problem: 'not-found', msg: 'GET /nowhere' });
});

void t.test('a forged X-Forwarded-For changes nothing without TRUST_PROXY', async (t) => {
  const ipFor = async (trustProxy: false | number | string[], forwarded: string) => {
    const { app } = await openService(t, { trustProxy });
    const answer = await app.inject({ url: '/address', headers: { 'x-forwarded-for': forwarded } });
    return answer.json<{ ip: string }>().ip;
  };
  t.equal(await ipFor(false, '203.0.113.9'), '127.0.0.1');
  t.equal(await ipFor(1, '198.51.100.1, 203.0.113.9'), '203.0.113.9', 'one proxy: only what that proxy wrote');
  t.equal(await ipFor(2, '198.51.100.1, 203.0.113.9'), '198.51.100.1');
  t.equal(await ipFor(['127.0.0.0/8'], '198.51.100.1, 203.0.113.9'), '203.0.113.9');
  t.equal(await ipFor(['10.0.0.0/8'], '203.0.113.9'), '127.0.0.1', 'a peer that is no trusted proxy');
});

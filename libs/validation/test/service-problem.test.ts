import t from 'tap';
import { readServiceProblem, ServiceProblem } from '../src/index.ts';

void t.test('a problem document is read with the wait that came along', async (t) => {
  const document = {
    type: 'http://localhost:3001/problems/rate-limited',
    title: 'Too many requests',
    status: 429,
    detail: 'Wait a little.',
    code: 'rate-limited',
    requestId: 'r-1',
    errors: [{ pointer: '#/email', detail: 'must be an address' }],
  };
  const problem = await readServiceProblem(Response.json(document, { status: 429, headers: { 'retry-after': '7' } }));
  t.type(problem, ServiceProblem);
  const { status, code, detail, requestId, errors } = document;
  t.match(problem, { message: document.title, status, code, detail, requestId, errors, retryAfter: 7 });
});

void t.test('an answer in a proxy’s own words is still a problem', async (t) => {
  const codes = { 400: 'malformed-request', 401: 'authentication-required', 403: 'forbidden', 404: 'not-found' };
  const more = { 429: 'rate-limited', 500: 'internal-error', 502: 'service-unavailable', 504: 'service-unavailable' };
  for (const [status, code] of Object.entries({ ...codes, ...more })) {
    const problem = await readServiceProblem(new Response('<h1>Oh no</h1>', { status: Number(status) }));
    t.match(problem, { status: Number(status), code });
    t.equal(problem.requestId, undefined);
  }
});

void t.test('a wait may be told as a date, and nonsense is no wait', async (t) => {
  const wait = async (value: string) =>
    (await readServiceProblem(new Response('', { status: 503, headers: { 'retry-after': value } }))).retryAfter;
  const inTenSeconds = await wait(new Date(Date.now() + 10_000).toUTCString());
  t.ok(inTenSeconds !== undefined && inTenSeconds >= 9 && inTenSeconds <= 10);
  t.equal(await wait(new Date(0).toUTCString()), 0);
  t.equal(await wait('soon'), undefined);
  t.equal(await wait('-5'), 0);
});

void t.test('what a kind of problem says besides is kept apart from what all of them say', async (t) => {
  const document = { type: 'a', title: 'b', status: 409, code: 'c', requestId: 'd', attemptId: 'e', country: null };
  const problem = await readServiceProblem(Response.json(document, { status: 409 }));
  t.match(problem, { status: 409, code: 'c', requestId: 'd' });
  t.strictSame(problem.extensions, { attemptId: 'e', country: null });
});

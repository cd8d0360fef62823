import { ServiceProblem } from '@alva/api-client';
import { SessionUnavailable } from '@alva/auth-client';
import t from 'tap';
import { isWorthRetrying, problemCode, tell } from '../lib/problems.ts';
import { readServiceProblem } from '@alva/validation';

const answer = (status: number, headers: Record<string, string> = {}) =>
  readServiceProblem(
    new Response(
      JSON.stringify({ type: 'about:blank', title: 'Not found', status, code: 'not-found', requestId: 'r-1' }),
      {
        status,
        headers: { 'content-type': 'application/problem+json', ...headers },
      },
    ),
  );

void t.test('an outage of sign-in is told as one, and never as a sign-out', async (t) => {
  t.match(tell(new SessionUnavailable()), { detail: /have not been signed out/ });
  t.ok(isWorthRetrying(new SessionUnavailable()));
});

void t.test('a lost connection is the connection’s fault, and worth another try', async (t) => {
  t.match(tell(new TypeError('Failed to fetch')), { title: 'We could not reach the server', requestId: undefined });
  t.ok(isWorthRetrying(new TypeError('Failed to fetch')));
});

void t.test('our own failures say so and carry the id that support asks for', async (t) => {
  for (const status of [500, 503]) {
    t.match(tell(await answer(status)), { requestId: 'r-1' });
    t.ok(isWorthRetrying(await answer(status)));
  }
});

void t.test('a refusal says how long to wait', async (t) => {
  for (const [after, detail] of [
    ['20', 'Try again in 20 seconds.'],
    ['60', 'Try again in 1 minute.'],
    ['61', 'Try again in 2 minutes.'],
  ] as const) {
    t.equal(tell(await answer(429, { 'retry-after': after })).detail, detail);
  }
  t.notOk(isWorthRetrying(await answer(429)), 'and is not repeated by itself');
});

void t.test('other refusals speak for themselves', async (t) => {
  const problem = await answer(404);
  t.type(problem, ServiceProblem);
  t.equal(tell(problem).title, 'Not found');
  t.equal(problemCode(problem), 'not-found');
});

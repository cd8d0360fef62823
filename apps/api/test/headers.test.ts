import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { createStack } from './support/stack.ts';

void t.test('headers: every route of the api, whoever asks and whatever comes of it', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  const described = await fetch(`${api.url}/openapi.json`);
  const { paths } = (await described.json()) as { paths: Record<string, Record<string, object>> };
  const token = await stack.issuer.issue({ sub: person.sub });
  const bearers = [{}, { authorization: 'Bearer x.y.z' }, { authorization: `Bearer ${token}` }];
  let asked = 0;
  for (const [path, operations] of Object.entries({ ...paths, '/nothing': { get: {} }, '/%': { get: {} } })) {
    for (const method of Object.keys(operations)) {
      for (const headers of bearers) {
        const answer = await fetch(api.url + path.replaceAll(/\{\w+\}/g, 'x'), {
          method: method.toUpperCase(),
          headers,
        });
        await answer.body?.cancel();
        const name = `${answer.status} ${method} ${path}`;
        t.match(
          Object.fromEntries(answer.headers),
          {
            'content-security-policy': /^default-src 'none'; sandbox; frame-ancestors 'none'/,
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer',
            'x-request-id': String,
          },
          name,
        );
        t.notOk(answer.headers.has('server') || answer.headers.has('x-powered-by'), 'no banners');
        t.strictSame(answer.headers.getSetCookie(), [], 'bearer only: nobody but an administrator is given a cookie');
        asked++;
      }
    }
  }
  t.comment(`${asked} answers`);
  const cookie = `access_token=${token}; refresh_token=${token}; token=${token}`;
  t.equal((await fetch(`${api.url}/plans`, { headers: { cookie } })).status, 401, 'cookies are ignored');
});

t.test(
  'the trace of a request is that of the work it begins: in the job’s row, and wherever the worker logs of it',
  async (t) => {
    const stack = await createStack(t);
    const api = await stack.api();
    const person = await stack.person(api);
    await person.hasProfile();
    const lines: string[] = [];
    await stack.worker({ LOG_LEVEL: 'info' }, { logged: (line) => lines.push(line) });
    const traceId = randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    const { jobId } = await person.generate({ traceparent });
    await person.watchToEnd(jobId);
    t.same(await stack.database.sql`select traceparent from app.jobs`, [{ traceparent }]);
    const ofJob = () =>
      lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => 'jobId' in line);
    // The last line comes a moment after the end was told.
    while (ofJob().length === 0) await setImmediate();
    for (const line of ofJob()) t.match(line, { jobId, attempt: 1, traceId });
  },
);

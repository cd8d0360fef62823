import { randomUUID } from 'node:crypto';
import t from 'tap';
import { createStack } from './support/stack.ts';

void t.test(
  '29: another’s plan, job or stream is 404, whatever the verb, and rights never come from a body',
  async (t) => {
    const stack = await createStack(t);
    const api = await stack.api();
    const owner = await stack.person(api);
    const stranger = await stack.person(api);
    const admin = await stack.person(api, { roles: ['user', 'admin'] });
    await owner.hasProfile();
    const { planId, jobId } = await owner.generate();

    const paths = [`/plans/${planId}`, `/jobs/${jobId}`, `/jobs/${jobId}/events`];
    for (const other of [stranger, admin]) {
      for (const path of paths) {
        for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST']) {
          const reply = await other.send(method, path, ['PUT', 'PATCH', 'POST'].includes(method) ? {} : undefined);
          t.equal(reply.status, 404, `${method} ${path}`);
        }
      }
    }

    await t.test('the answer does not tell an other’s thing from one that never was', async (t) => {
      for (const path of paths) {
        const foreign = await stranger.send('GET', path);
        const unknown = await stranger.send('GET', path.replace(/[0-9a-f-]{36}/, randomUUID()));
        const senseless = await stranger.send('GET', path.replace(/[0-9a-f-]{36}/, 'x'));
        const bare = ({ requestId: _, ...body }: Record<string, unknown>) => body;
        t.same(bare(foreign.body), bare(unknown.body));
        t.same(bare(foreign.body), bare(senseless.body));
      }
    });

    for (const list of ['/plans', '/jobs']) {
      t.same(
        (await stranger.send(list === '/plans' ? 'GET' : 'GET', list)).body,
        { items: [], nextCursor: null },
        list,
      );
    }
    t.match(await owner.job(jobId), { state: 'queued' }, 'nothing of it touched the job');

    await t.test('userId, roles and the like in a body are refused', async (t) => {
      for (const extra of [{ userId: owner.sub }, { roles: ['admin'] }, { sub: owner.sub }]) {
        t.match(await stranger.send('POST', '/plans/generate', extra), {
          status: 422,
          body: { code: 'validation-failed' },
        });
      }
      t.same((await stranger.send('GET', '/plans')).body, { items: [], nextCursor: null });
    });
  },
);

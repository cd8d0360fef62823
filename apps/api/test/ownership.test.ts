import { randomUUID } from 'node:crypto';
import t from 'tap';
import { converse, createGuest } from './support/conversation.ts';
import { finishedPlan } from './support/finished-plan.ts';
import { libraryOf } from './support/library.ts';
import { createStack } from './support/stack.ts';

const verbs = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST'];

void t.test(
  '29: another’s plan, task, document, chat, job or stream is 404, whatever the verb, and rights never come from a body',
  async (t) => {
    const stack = await createStack(t);
    const api = await stack.api({ REQUEST_LIMIT: '5000/1m' });
    const worker = await stack.worker();
    const owner = await stack.person(api);
    const stranger = await stack.person(api);
    const admin = await stack.person(api, { roles: ['user', 'admin'] });
    const plan = await finishedPlan(owner);
    await worker.stop();
    const { jobId } = await owner.generate();
    const { documentId } = (await libraryOf(owner, api.url).upload('mine.md', 'mine')).body;
    const chat = await converse(owner, { planId: plan.id });
    const { messageId, answerId } = (await chat.ask('Where do I begin?')).body;
    const talk = await chat.read();
    const guest = await createGuest(api.url);

    const things = {
      plans: plan.id,
      tasks: plan.tasks[0]?.id ?? '',
      jobs: jobId,
      'knowledge/documents': documentId,
      'chat/sessions': chat.sessionId,
    };
    /** What an owner would send: a refusal must not be for the body. */
    const bodies: Record<string, unknown> = {
      'PATCH /plans/{id}': { title: 'Mine' },
      'POST /plans/{id}/regenerate': { section: plan.sections[0]?.id },
      'POST /plans/{id}/tasks': { title: 'Mine', dueDate: '2027-01-31' },
      'PATCH /tasks/{id}': { status: 'done' },
      'PATCH /chat/sessions/{id}': { title: 'Mine', tone: 'socratic' },
      'POST /chat/sessions/{id}/messages': { content: 'Whose is this?' },
      'PUT /chat/sessions/{id}/messages/{messageId}': { content: 'Whose is this?' },
    };
    const routes = Object.entries(things).flatMap(([kind, id]) =>
      Object.keys(api.app.swagger().paths ?? {})
        .filter((route) => route.startsWith(`/${kind}/{id}`))
        .map((route) => ({
          route,
          path: route.replace('{id}', id).replace('{messageId}', route.endsWith('/regenerate') ? answerId : messageId),
        })),
    );
    t.equal(routes.length, 14);
    const paths = routes.map(({ path }) => path);
    // Guests have chats and jobs; of all else they are told before anything that it is not for them.
    const forGuests = routes.filter(({ route }) => /^\/(jobs|chat)/.test(route));
    for (const other of [stranger, admin, guest]) {
      for (const { route, path } of other === guest ? forGuests : routes) {
        for (const method of verbs) {
          const body = ['PUT', 'PATCH', 'POST'].includes(method) ? (bodies[`${method} ${route}`] ?? {}) : undefined;
          for (const headers of [{}, { 'if-match': '*' }])
            t.equal((await other.send(method, path, body, headers)).status, 404, `${method} ${path}`);
        }
      }
    }
    t.same(await owner.plan(plan.id), plan, 'nothing of it touched the plan or its tasks');

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

    for (const list of [
      '/plans',
      '/jobs',
      '/tasks',
      '/knowledge/documents',
      '/chat/sessions',
      `/tasks?planId=${plan.id}`,
    ])
      t.same((await stranger.send('GET', list)).body, { items: [], nextCursor: null }, list);
    const about = { tone: 'direct', planId: plan.id };
    t.equal((await stranger.send('POST', '/chat/sessions', about)).status, 404, 'nor talked about');
    t.same(await chat.read(), talk, 'nothing of it touched the conversation');
    t.match(await owner.job(jobId), { state: 'queued' }, 'nothing of it touched the job');

    await t.test('userId, roles and the like in a body are refused', async (t) => {
      for (const extra of [{ userId: owner.sub }, { roles: ['admin'] }, { sub: owner.sub }]) {
        for (const [path, body] of [
          ['/plans/generate', {}],
          ['/chat/sessions', { tone: 'direct' }],
          [`${chat.path}/messages`, { content: 'Mine?' }],
          ['/chat/session/merge', { sessionId: chat.sessionId, guestToken: 'x' }],
        ] as const) {
          const reply = await stranger.send('POST', path, { ...body, ...extra });
          t.match(reply, { status: 422, body: { code: 'validation-failed' } }, path);
        }
      }
      t.same((await stranger.send('GET', '/plans')).body, { items: [], nextCursor: null });
    });
  },
);

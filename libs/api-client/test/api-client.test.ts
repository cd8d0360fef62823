import t, { type Test } from 'tap';
import { createApiClient, createGuestClient, ServiceProblem, startChatAsGuest } from '../src/index.ts';
import { answerProblem, delta, openServer, openStream, succeeded, type Visit } from './stream-server.ts';

async function open(t: Test) {
  const server = await openServer(t);
  return { server, client: createApiClient({ apiUrl: server.url, fetch }) };
}

async function readBody(request: AsyncIterable<unknown>): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

void t.test('a plan is asked for by name, so that a repeated request makes one plan', async (t) => {
  const { server, client } = await open(t);
  const asked = client.generatePlan(undefined, 'key-12345678');
  const { request, response } = await server.visit();
  t.match(request, { method: 'POST', url: '/plans/generate' });
  t.match(request.headers, { 'idempotency-key': 'key-12345678', 'content-type': 'application/json' });
  t.same(await readBody(request), {});
  response.writeHead(202).end(JSON.stringify({ planId: 'p', jobId: 'j' }));
  t.same(await asked, { planId: 'p', jobId: 'j' });
});

void t.test('a plan is changed as it was read, and saved under its own name', async (t) => {
  const { server, client } = await open(t);
  const changed = client.changePlan({ id: 'p', version: 7 }, { title: 'Spring' });
  const change = await server.visit();
  t.match(change.request, { method: 'PATCH', url: '/plans/p' });
  t.match(change.request.headers, { 'if-match': '"7"' });
  change.response.end(JSON.stringify({ id: 'p', version: 8 }));
  t.match(await changed, { version: 8 });

  const saved = client.exportPlan('p');
  const { request, response } = await server.visit();
  t.equal(request.url, '/plans/p/export');
  const disposition = `attachment; filename="Cafe.md"; filename*=UTF-8''Caf%C3%A9.md`;
  response.writeHead(200, { 'content-disposition': disposition, 'content-type': 'text/markdown' }).end('# Café\n');
  t.same(await saved, { name: 'Café.md', markdown: '# Café\n' });
});

void t.test('lists are paged', async (t) => {
  const { server, client } = await open(t);
  const asked = client.listPlans({ limit: 5, cursor: 'a b&c' });
  const { request, response } = await server.visit();
  t.equal(request.url, '/plans?limit=5&cursor=a+b%26c');
  response.end(JSON.stringify({ items: [], nextCursor: null }));
  t.same(await asked, { items: [], nextCursor: null });
});

void t.test('no questionnaire yet is no error', async (t) => {
  const { server, client } = await open(t);
  const asked = client.getProfile();
  answerProblem(await server.visit(), 404, 'not-found');
  t.equal(await asked, null);
});

void t.test('a refusal is a typed error', async (t) => {
  const { server, client } = await open(t);
  const asked = client.getPlan('../../admin');
  const visit = await server.visit();
  t.equal(visit.request.url, '/plans/..%2F..%2Fadmin');
  answerProblem(visit, 404, 'not-found');
  await t.rejects(asked, ServiceProblem);
});

void t.test('calling a job off answers with nothing', async (t) => {
  const { server, client } = await open(t);
  const asked = client.cancelJob('j');
  const { request, response } = await server.visit();
  t.match(request, { method: 'DELETE', url: '/jobs/j' });
  t.equal(request.headers['content-type'], undefined);
  response.writeHead(204).end();
  await asked;
});

void t.test('a request can be called off', async (t) => {
  const { server, client } = await open(t);
  const stop = new AbortController();
  const asked = client.listJobs({ signal: stop.signal });
  await server.visit();
  stop.abort();
  await t.rejects(asked, { name: 'AbortError' });
});

const answer = ({ response }: Visit, status: number, body?: unknown) =>
  response.writeHead(status).end(body === undefined ? '' : JSON.stringify(body));

void t.test('a question is asked, put differently and asked again, each by a name of its own', async (t) => {
  const { server, client } = await open(t);
  const message = { id: 'c', messageId: 'm/1' };
  const begun = { messageId: 'm', answerId: 'a', jobId: 'j' };
  const calls = [
    [() => client.ask('c', 'Why?', 'key-ask-1'), 'POST', '/chat/sessions/c/messages', { content: 'Why?' }, 'key-ask-1'],
    [
      () => client.rephrase(message, 'How?', 'key-put-1'),
      'PUT',
      '/chat/sessions/c/messages/m%2F1',
      { content: 'How?' },
      'key-put-1',
    ],
    [
      () => client.regenerateAnswer(message, 'key-again-1'),
      'POST',
      '/chat/sessions/c/messages/m%2F1/regenerate',
      undefined,
      'key-again-1',
    ],
  ] as const;
  for (const [call, method, url, body, key] of calls) {
    const asked = call();
    const visit = await server.visit();
    t.match(visit.request, { method, url, headers: { 'idempotency-key': key } });
    t.same(await readBody(visit.request), body);
    answer(visit, 202, begun);
    t.same(await asked, begun);
  }
});

void t.test('conversations are begun, listed, read, renamed, taken over and deleted', async (t) => {
  const { server, client } = await open(t);
  const calls = [
    [
      () => client.startChat({ tone: 'direct', planId: 'p' }),
      'POST',
      '/chat/sessions',
      { tone: 'direct', planId: 'p' },
    ],
    [() => client.listChats({ limit: 2, cursor: 'x' }), 'GET', '/chat/sessions?limit=2&cursor=x', undefined],
    [() => client.getChat('c', { cursor: 'x' }), 'GET', '/chat/sessions/c?cursor=x', undefined],
    [() => client.changeChat('c', { title: 'Bread' }), 'PATCH', '/chat/sessions/c', { title: 'Bread' }],
    [
      () => client.mergeChat({ sessionId: 'c', guestToken: 'g' }),
      'POST',
      '/chat/session/merge',
      { sessionId: 'c', guestToken: 'g' },
    ],
    [() => client.deleteChat('c'), 'DELETE', '/chat/sessions/c', undefined],
  ] as const;
  for (const [call, method, url, body] of calls) {
    const asked = call();
    const visit = await server.visit();
    t.match(visit.request, { method, url });
    t.same(await readBody(visit.request), body, `${method} ${url}`);
    answer(visit, 200, { sessionId: 'c' });
    t.same(await asked, { sessionId: 'c' });
  }
});

void t.test('a document is uploaded as the file it is, found, saved and deleted', async (t) => {
  const { server, client } = await open(t);
  const uploaded = client.uploadDocument(
    'Preise & mehr.md',
    new Blob(['# Prices'], { type: 'text/markdown' }),
    'key-file-1',
  );
  const upload = await server.visit();
  t.match(upload.request, { method: 'POST', url: '/knowledge/documents?name=Preise+%26+mehr.md' });
  t.match(upload.request.headers, { 'content-type': 'text/markdown', 'idempotency-key': 'key-file-1' });
  let text = '';
  for await (const chunk of upload.request) text += String(chunk);
  t.equal(text, '# Prices', 'not as JSON');
  answer(upload, 202, { documentId: 'd', jobId: 'j' });
  t.same(await uploaded, { documentId: 'd', jobId: 'j' });

  const calls = [
    [() => client.listDocuments(), 'GET', '/knowledge/documents'],
    [() => client.getDocument('d'), 'GET', '/knowledge/documents/d'],
    [() => client.searchDocuments({ q: 'what is it?', limit: 3 }), 'GET', '/knowledge/search?q=what+is+it%3F&limit=3'],
  ] as const;
  for (const [call, method, url] of calls) {
    const asked = call();
    const visit = await server.visit();
    t.match(visit.request, { method, url });
    answer(visit, 200, { items: [] });
    t.same(await asked, { items: [] });
  }

  const saved = client.getOriginal('d');
  const original = await server.visit();
  t.equal(original.request.url, '/knowledge/documents/d/original');
  original.response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('# Prices');
  t.equal(await (await saved).text(), '# Prices');

  const deleted = client.deleteDocument('d');
  const last = await server.visit();
  t.match(last.request, { method: 'DELETE', url: '/knowledge/documents/d' });
  answer(last, 204);
  await deleted;
});

void t.test('a guest begins, asks, and watches through a broken connection, by a token of their own', async (t) => {
  const server = await openServer(t);
  const started = startChatAsGuest({ apiUrl: server.url, fetch }, { tone: 'socratic' });
  const start = await server.visit();
  t.match(start.request, { method: 'POST', url: '/chat/sessions' });
  t.same(await readBody(start.request), { tone: 'socratic' });
  answer(start, 201, { sessionId: 'c', guestToken: 'secret' });
  const { guestToken } = await started;

  const guest = createGuestClient({ apiUrl: server.url, fetch, guestToken, timing: { firstRetry: 1 } });
  const events = guest.watchJob('j');
  const told = events.next();
  const first = await server.visit();
  t.equal(first.request.headers['x-guest-token'], 'secret');
  openStream(first.response);
  first.response.write(delta(1, 'Be'));
  t.match(await told, { value: { event: 'delta' } });
  first.response.destroy();
  const ended = events.next();
  const second = await server.visit();
  t.match(second.request, { url: '/jobs/j/events', headers: { 'x-guest-token': 'secret', 'last-event-id': '1' } });
  openStream(second.response);
  second.response.end(succeeded(2));
  t.match(await ended, { value: { event: 'state' } });
  t.match(await events.next(), { done: true });

  for (const [call, url] of [
    [() => guest.getUsage(), '/usage'],
    [() => guest.ask('c', 'And then?', 'key-guest-1'), '/chat/sessions/c/messages'],
  ] as const) {
    const asked = call();
    const visit = await server.visit();
    t.match(visit.request, { url, headers: { 'x-guest-token': 'secret' } });
    t.equal(visit.request.headers.authorization, undefined);
    answer(visit, 200, {});
    await asked;
  }
});

void t.test('nobody becomes a guest by mistake', async (t) => {
  const server = await openServer(t);
  const started = startChatAsGuest({ apiUrl: server.url, fetch }, { tone: 'direct' });
  answer(await server.visit(), 201, { sessionId: 'c' });
  await t.rejects(started, TypeError);
});

import t, { type Test } from 'tap';
import { createApiClient, ServiceProblem } from '../src/index.ts';
import { answerProblem, openServer } from './stream-server.ts';

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

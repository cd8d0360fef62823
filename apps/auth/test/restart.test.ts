import { createTestDatabase, openLoadBalancer, openMailCatcher } from '@alva/testing';
import t from 'tap';
import { keyEncryptionKey, startAuth, webOrigin } from './support/auth.ts';
import { startServiceProcess } from './support/service-process.ts';
import { openSession, refresh, successorIn } from './support/sessions.ts';

const database = await createTestDatabase(t);
const bystander = await startAuth(t, { database });
const mail = await openMailCatcher(t);

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: database.url,
  KEY_ENCRYPTION_KEY: keyEncryptionKey,
  AUTH_URL: 'http://localhost:3002',
  API_URL: 'http://localhost:3001',
  WEB_URL: webOrigin,
  MAIL_FROM: 'Alva <hello@example.com>',
  SMTP_URL: mail.url,
  REFRESH_FAILURE_LIMIT: '10000/5m',
};
const start = () => startServiceProcess(t, production);

t.test('38: under a rolling restart of two copies no request fails and nobody is signed out', async (t) => {
  const balancer = await openLoadBalancer(t);
  const copies = await Promise.all([start(), start()]);
  for (const { url } of copies) await balancer.add(url);
  const people = await Promise.all(Array.from({ length: 4 }, () => openSession(bystander)));
  const trouble: string[] = [];
  let [renewed, isOver] = [0, false];
  const lives = people.map(async ({ token, sessionId }) => {
    for (let current = token; !isOver;) {
      const answer = await refresh(balancer.url, current);
      if (answer.status === 200) {
        [current, renewed] = [successorIn(answer), renewed + 1];
      } else if (answer.status === 429) {
        // Renewed fifty times in ten seconds: as promised, and nothing is lost.
        await database.sql`
          update auth.refresh_tokens set created_at = created_at - interval '11 seconds' where session_id = ${sessionId}`;
      } else {
        trouble.push(`${answer.status} ${answer.text}`);
      }
    }
  });
  for (const old of copies) {
    const fresh = await start();
    await balancer.add(fresh.url);
    old.child.kill('SIGTERM');
    t.equal(await old.exited, 0);
    balancer.remove(old.url);
  }
  isOver = true;
  await Promise.all(lives);
  t.strictSame(trouble, []);
  t.ok(renewed > 100);
  t.comment(`${renewed} renewals through 2 restarts, ${trouble.length} failed`);
});

t.test('38: SIGTERM in a refresh: finished or untouched, whatever the moment', async (t) => {
  let [finished, untouched] = [0, 0];
  for (let round = 0; round < 3; round++) {
    const service = await start();
    const people = await Promise.all(Array.from({ length: 10 }, () => openSession(bystander)));
    const answers = people.map(({ token }) => refresh(service.url, token).catch(() => undefined));
    // A later round finds the requests further on their way.
    for (let turn = 0; turn < round * 6; turn++) await new Promise((resolve) => setImmediate(resolve));
    service.child.kill('SIGTERM');
    for (const [index, answer] of (await Promise.all(answers)).entries()) {
      const { token = '' } = people[index] ?? {};
      if (answer) t.equal(answer.status, 200);
      if (answer) finished++;
      else untouched++;
      // Either way the person goes on from the token that they hold.
      t.equal((await refresh(bystander.url, answer ? successorIn(answer) : token)).status, 200);
    }
    t.equal(await service.exited, 0);
  }
  t.comment(`${finished} finished, ${untouched} without an answer`);
});

t.test('22: killed in the middle of its work, nobody is signed out and no stolen token lives on', async (t) => {
  const service = await start();
  const people = await Promise.all(Array.from({ length: 20 }, () => openSession(bystander)));
  const answers = people.map(({ token }) => refresh(service.url, token).catch(() => undefined));
  await Promise.race(answers);
  service.child.kill('SIGKILL');
  const held = await Promise.all(answers);
  for (const [index, { token }] of people.entries()) {
    const answer = held[index];
    const again = await refresh(bystander.url, answer ? successorIn(answer) : token);
    t.equal(again.status, 200, answer ? 'goes on from the successor' : 'repeats what was not answered');
  }
  t.comment(`${held.filter(Boolean).length} of ${held.length} were answered before the end`);
});

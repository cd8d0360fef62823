import t from 'tap';
import { roomy } from '../support/faults.ts';
import { nextEvent } from '../support/settle.ts';
import { createStack } from '../support/stack.ts';

t.test('three hundred open streams of one copy are all told of the end, whole and soon', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ ...roomy, REQUEST_LIMIT: '100000/1m' });
  const people = await Promise.all(Array.from({ length: 3 }, () => stack.person(api)));
  const readers = [];
  for (const person of people) {
    await person.hasProfile();
    for (let plans = 0; plans < 5; plans++) {
      const { jobId } = await person.generate();
      readers.push(...Array.from({ length: 20 }, () => ({ jobId, stream: person.watch(jobId) })));
    }
  }
  await Promise.all(readers.map(({ stream }) => nextEvent(stream, ({ id }) => id === 1)));
  t.match(await stack.database.sql`select count(*)::int as queued from app.jobs where state = 'queued'`, [
    { queued: 15 },
  ]);

  await stack.worker({ WORKER_CONCURRENCY: '15' });
  const told = await Promise.all(
    readers.map(async ({ jobId, stream }) => {
      const numbers = [1];
      let last;
      for await (const event of stream) {
        if (event.id !== undefined) numbers.push(event.id);
        last = event;
      }
      return { jobId, last, at: Date.now(), isWhole: numbers.every((number, index) => number === index + 1) };
    }),
  );
  t.equal(told.length, 300);
  t.ok(told.every(({ last, isWhole }) => isWhole && last?.data['state'] === 'succeeded'));
  const ends = await stack.database.sql<{ id: string; at: Date }[]>`select id, finished_at as at from app.jobs`;
  const waits = told.map(({ jobId, at }) => at - Number(ends.find(({ id }) => id === jobId)?.at));
  t.comment(`told within ${Math.max(...waits)} ms`);
  t.ok(Math.max(...waits) < 15_000, `told within ${Math.max(...waits)} ms`);
});

import { mock } from 'node:test';
import t from 'tap';
import { readEvents } from '../src/event-stream.ts';
import { scheduleInBackground } from '../src/pauses.ts';

/** What is read from these pieces of a body. */
async function read(pieces: string[], maximumLength = 1_000) {
  async function* body() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const events = [];
  for await (const event of readEvents(body(), maximumLength)) events.push(event);
  return events;
}

void t.test('events are read as the standard has them, however they are cut', async (t) => {
  const text =
    ': comment\nevent: first\ndata: one two\ndata:three four\ndata:  five\nid: 7\nretry: 5\n\n' +
    'data\n\n\n:\n\nevent: none\n\nevent: second\r\ndata: ä€𝄞\r\n\r\ndata: cut off';
  const expected = [
    { event: 'first', data: 'one two\nthree four\n five' },
    { event: 'message', data: '' },
    { event: 'second', data: 'ä€𝄞' },
  ];
  t.same(await read([text]), expected);
  t.same(await read(text.split(/(?:)/u)), expected);
});

void t.test('an event may be as long as it may be, and no longer', async (t) => {
  const line = `data: ${'x'.repeat(94)}`;
  t.same(await read([`${line}\n\n`], 100), [{ event: 'message', data: 'x'.repeat(94) }]);
  t.same((await read([line, '\n\n'], 100)).length, 1, 'nor while it has not ended');
  const tooLong = /an event is too long/;
  await t.rejects(read([`${line}x\n\n`], 100), tooLong);
  await t.rejects(read([`${line}x`], 100), tooLong);
  await t.rejects(read([`${line}\nevent: x\n`], 100), tooLong);
});

void t.test('what is called off in the background does not run', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const ran: string[] = [];
  scheduleInBackground(() => ran.push('called off'), 1_000)();
  scheduleInBackground(() => ran.push('kept'), 1_000);
  mock.timers.tick(999);
  t.same(ran, []);
  mock.timers.tick(1);
  t.same(ran, ['kept']);
  t.end();
});

import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { createRevokedSessions } from '../src/revoked-sessions.ts';

function open() {
  const clock = { at: 1_000_000 };
  return { clock, revoked: createRevokedSessions(() => clock.at) };
}

void t.test('a session is refused until its time, and an earlier end does not cut it', async (t) => {
  const { clock, revoked } = open();
  revoked.add('a', clock.at + 100);
  revoked.add('a', clock.at + 50);
  revoked.add('a', clock.at - 50);
  t.ok(revoked.has('a', clock.at + 99));
  t.notOk(revoked.has('a', clock.at + 100));
  t.notOk(revoked.has('b', clock.at));
  revoked.add('a', clock.at + 200);
  t.ok(revoked.has('a', clock.at + 199));
});

void t.test(
  'what is over is not taken in, and what has become so is forgotten within a minute of the next news',
  async (t) => {
    const { clock, revoked } = open();
    revoked.add('over', clock.at);
    t.equal(revoked.size(), 0);
    revoked.add('short', clock.at + 60_000);
    revoked.add('long', clock.at + 600_000);
    clock.at += 59_999;
    revoked.add('other', clock.at + 600_000);
    t.equal(revoked.size(), 3);
    clock.at += 1;
    revoked.sweep();
    t.equal(revoked.size(), 2, 'on the minute, at the very end of its time');
    revoked.add('next', clock.at + 10);
    clock.at += 59_999;
    revoked.add('another', clock.at + 600_000);
    t.equal(revoked.size(), 4, 'not looked through more often than once a minute');
    clock.at += 1;
    revoked.add('last', clock.at + 600_000);
    t.equal(revoked.size(), 4, 'news alone make it look');
  },
);

void t.test('who stopped listening leaves nothing behind, and takes nobody along', async (t) => {
  const { clock, revoked } = open();
  const heard: string[] = [];
  const listen = (name: string) => revoked.onRevoked('a', () => heard.push(name));
  const [forgetFirst, forgetSecond] = [listen('first'), listen('second')];
  t.equal(revoked.watched(), 1);
  forgetFirst();
  t.equal(revoked.watched(), 1);
  forgetSecond();
  t.equal(revoked.watched(), 0);
  listen('third');
  forgetSecond();
  forgetFirst();
  t.equal(revoked.watched(), 1, 'twice is once');
  revoked.add('a', clock.at + 100);
  await turn();
  t.same(heard, ['third']);
});

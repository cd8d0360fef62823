import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { createRevokedSessions } from '../src/revoked-sessions.ts';

function open() {
  const clock = { at: 1_000_000, set: 0 };
  const revoked = createRevokedSessions({ now: () => clock.at + clock.set, uptime: () => clock.at });
  return { clock, revoked };
}

void t.test(
  'what is over is forgotten within a minute of the next news, and an earlier end does not cut it',
  async (t) => {
    const { clock, revoked } = open();
    const begin = clock.at;
    revoked.add('short', begin, 60_000);
    revoked.add('long', begin, 600_000);
    revoked.add('short', begin - 1_000, 60_000);
    clock.at += 59_999;
    revoked.add('other', begin, 600_000);
    t.equal(revoked.size(), 3);
    t.ok(revoked.has('short'));
    clock.at += 1;
    revoked.sweep();
    t.equal(revoked.size(), 2, 'on the minute, at the very end of its time');
    t.notOk(revoked.has('short'));
    revoked.add('next', clock.at, 10);
    clock.at += 59_999;
    revoked.add('another', clock.at, 600_000);
    t.equal(revoked.size(), 4, 'not looked through more often than once a minute');
    clock.at += 1;
    revoked.add('last', clock.at, 600_000);
    t.equal(revoked.size(), 4, 'news alone make it look');
  },
);

void t.test('a session is held until both clocks say that its time is over', async (t) => {
  const { clock, revoked } = open();
  const sweep = () => {
    clock.at += 60_000;
    revoked.sweep();
    return revoked.size();
  };
  revoked.add('a', clock.at, 90_000);
  clock.set = 3_600_000;
  t.equal(sweep(), 1, 'one is ahead');
  clock.set = -3_600_000;
  t.equal(sweep(), 1, 'one is behind');
  clock.set = 0;
  t.equal(sweep(), 0);
});

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
  revoked.add('a', clock.at, 100);
  await turn();
  t.same(heard, ['third']);
});

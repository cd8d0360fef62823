import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { withLeases } from '../postgres/leases.ts';
import { runScript } from './support/tool.ts';

function startHolder(t: Test, folder: string, mode: string) {
  return runScript(t, join(import.meta.dirname, 'support/lease-holder.ts'), [
    join(folder, 'leases'),
    join(folder, 'log'),
    mode,
  ]);
}

const countLeases = (folder: string) => withLeases(join(folder, 'leases'), async (leases) => leases.count());

void t.test('one process at a time decides about the server', async (t) => {
  const folder = t.testdir();
  const holders = Array.from({ length: 8 }, () => startHolder(t, folder, 'leave'));
  for (const { exited } of holders) t.strictSame(await exited, { code: 0, signal: null });
  const visits = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  t.equal(visits.length, 16);
  for (let i = 0; i < visits.length; i += 2) {
    t.strictSame([visits[i], visits[i + 1]], [visits[i], visits[i]?.replace('in', 'out')], 'nobody came in between');
  }
  t.equal(await countLeases(folder), 0, 'leases of processes that ended do not count');
});

void t.test('a lease counts as long as its process lives, however that ends', async (t) => {
  const folder = t.testdir();
  const holder = startHolder(t, folder, 'keep');
  await holder.line(/holds a lease/);
  t.equal(await countLeases(folder), 1);
  holder.child.kill('SIGKILL');
  await holder.exited;
  t.equal(await countLeases(folder), 0);
});

void t.test('whoever is killed while deciding blocks nobody', async (t) => {
  const folder = t.testdir();
  const holder = startHolder(t, folder, 'hang');
  await holder.line(/inside/);
  holder.child.kill('SIGKILL');
  await holder.exited;
  t.equal(await countLeases(folder), 0);
});

void t.test("a dead launcher's lease is not revived by a stranger who got its process id", async (t) => {
  const folder = t.testdir();
  await countLeases(folder);
  const database = new DatabaseSync(join(folder, 'leases'));
  database.prepare('insert into leases (pid, beginning) values (?, ?)').run(process.pid, 'long ago');
  database.close();
  t.equal(await countLeases(folder), 0);
});

void t.test('work that fails changes nothing', async (t) => {
  const folder = t.testdir();
  const failing = withLeases(join(folder, 'leases'), async (leases) => {
    leases.add();
    throw new Error('no disk');
  });
  await t.rejects(failing, { message: 'no disk' });
  t.equal(await countLeases(folder), 0);
});
